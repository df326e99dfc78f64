-- :Vouchsafe and its subcommands.
local M = {}

---@class vouchsafe.Subcommand
---@field run fun(argument: string?, call: vim.api.keyset.create_user_command.command_args)
---@field complete (fun(): string[])? Values of its argument
---@field words boolean? Whether its argument is free text

---A subcommand that is one function of a module.
---@param module string
---@param name string
---@return vouchsafe.Subcommand
local function calls(module, name)
  return {
    run = function(argument, call)
      require('vouchsafe.' .. module)[name](argument, call)
    end,
  }
end

---The same with free text.
---@param module string
---@param name string
---@param complete (fun(): string[])?
---@return vouchsafe.Subcommand
local function with_words(module, name, complete)
  local subcommand = calls(module, name)
  subcommand.words, subcommand.complete = true, complete
  return subcommand
end

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
      return vim.list_extend(
        verb == 'accept' and { 'all', 'file', 'needs' } or { 'all', 'file' },
        tasks_with_changes()
      )
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
  task = with_words('start', 'start', function()
    return require('vouchsafe.start').names()
  end),
  message = with_words('talk', 'message'),
  follow = with_words('talk', 'follow'),
  answer = calls('talk', 'answer'),
  key = calls('talk', 'key'),
  tasks = calls('tasks', 'list'),
  cancel = calls('tasks', 'cancel'),
  log = calls('tasks', 'log'),
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
  claims = calls('findings', 'open'),
  check = calls('findings', 'check'),
  dismiss = calls('findings', 'dismiss'),
  evidence = calls('evidence', 'here'),
  compare = {
    run = function(argument)
      require('vouchsafe.compare').show(argument)
    end,
    complete = function()
      return { 'hunk' }
    end,
  },
  blame = calls('blame', 'toggle'),
  trailer = calls('trailer', 'copy'),
  doctor = calls('doctor', 'run'),
}

---@param call vim.api.keyset.create_user_command.command_args
function M.run(call)
  -- The text as it was typed: `fargs` would take its backslashes away.
  local name, rest = call.args:match('^(%S*)%s*(.-)%s*$')
  name = name ~= '' and name or 'tasks'
  local argument = rest ~= '' and rest or nil
  local subcommand = subcommands[name]
  if not subcommand or (rest:find('%s') and not subcommand.words) then
    local known = table.concat(vim.fn.sort(vim.tbl_keys(subcommands)), ', ')
    local text = ':Vouchsafe takes one of: %s; and, where it is no text, at most one argument to it'
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
