-- :Vouchsafe and its subcommands.
local M = {}

---@class vouchsafe.Subcommand
---@field run fun(argument: string?, call: vim.api.keyset.create_user_command.command_args)
---@field complete (fun(): string[])? Values of its argument

---@return string[]
local function tasks_with_changes()
  local seen = {}
  for _, change in ipairs(require('vouchsafe.changes').list()) do
    seen[tostring(change.task)] = true
  end
  return vim.tbl_keys(seen)
end

---@param verb 'accept'|'reject'
---@return vouchsafe.Subcommand
local function decision(verb)
  return {
    run = function(argument, call)
      require('vouchsafe.decide').decide(verb, argument, call.line1 - 1, call.line2 - 1)
    end,
    complete = function()
      return vim.list_extend({ 'all', 'file' }, tasks_with_changes())
    end,
  }
end

---@param step 1|-1
---@return vouchsafe.Subcommand
local function move(step)
  return {
    run = function()
      require('vouchsafe.move').step(step)
    end,
  }
end

---@type table<string, vouchsafe.Subcommand>
local subcommands = {
  task = {
    run = function(argument)
      require('vouchsafe.tasks').start(argument)
    end,
    complete = function()
      return require('vouchsafe.tasks').names()
    end,
  },
  tasks = {
    run = function(argument)
      require('vouchsafe.tasks').list(argument)
    end,
  },
  review = {
    run = function(argument)
      require('vouchsafe.review').open(argument)
    end,
    complete = tasks_with_changes,
  },
  accept = decision('accept'),
  reject = decision('reject'),
  next = move(1),
  prev = move(-1),
  evidence = {
    run = function()
      require('vouchsafe.evidence').here()
    end,
  },
  compare = {
    run = function(argument)
      require('vouchsafe.compare').show(argument)
    end,
    complete = function()
      return { 'hunk' }
    end,
  },
  blame = {
    run = function()
      require('vouchsafe.blame').toggle()
    end,
  },
  cancel = {
    run = function(argument)
      require('vouchsafe.tasks').cancel(argument)
    end,
  },
  log = {
    run = function(argument)
      require('vouchsafe.tasks').log(argument)
    end,
  },
  doctor = {
    run = function()
      require('vouchsafe.doctor').run()
    end,
  },
}

---@param call vim.api.keyset.create_user_command.command_args
function M.run(call)
  local name, argument = call.fargs[1] or 'tasks', call.fargs[2]
  local subcommand = subcommands[name]
  if not subcommand or #call.fargs > 2 then
    local known = table.concat(vim.fn.sort(vim.tbl_keys(subcommands)), ', ')
    local text = ':Vouchsafe takes one of: %s; and at most one argument to it'
    return require('vouchsafe.client').notify(text:format(known), vim.log.levels.ERROR)
  end
  subcommand.run(argument, call)
end

---@param lead string
---@param line string
---@return string[]
function M.complete(lead, line)
  local words = vim.split(vim.trim(line), '%s+')
  local values = {}
  if #words == 1 or (#words == 2 and lead ~= '') then
    values = vim.tbl_keys(subcommands)
  elseif #words == 2 or (#words == 3 and lead ~= '') then
    local subcommand = subcommands[words[2]]
    values = subcommand and subcommand.complete and subcommand.complete() or {}
  end
  table.sort(values)
  return vim.tbl_filter(function(value)
    return vim.startswith(value, lead)
  end, values)
end

return M
