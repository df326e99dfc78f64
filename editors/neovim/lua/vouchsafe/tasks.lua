-- Starting tasks, listing them, ending them.
local client_of = require('vouchsafe.client')

local M = {}

local kinds = { 'refactor.rewrite.vouchsafe', 'source.vouchsafe' }

---@param client vim.lsp.Client
---@param bufnr integer
---@return lsp.CodeActionParams
local function params(client, bufnr)
  local window = vim.fn.bufwinid(bufnr)
  local range = vim.lsp.util.make_range_params(window ~= -1 and window or 0, client.offset_encoding)
  ---@cast range lsp.CodeActionParams
  range.context = { diagnostics = {}, only = kinds, triggerKind = 1 }
  return range
end

---The recipes among code actions, as name and action.
---@param actions lsp.CodeAction[]?
---@return { name: string, title: string, argument: table }[]
local function recipes(actions)
  local found = {}
  for _, action in ipairs(actions or {}) do
    local command = action.command
    if type(command) == 'table' and command.command == 'vouchsafe.start' then
      local argument = command.arguments[1]
      local title = action.title:gsub('^Vouchsafe: ', '')
      found[#found + 1] = { name = argument.recipe, title = title, argument = argument }
    end
  end
  return found
end

---The names of the tasks that fit the cursor; for completion, so within a moment or none.
---@return string[]
function M.names()
  local client = client_of.of(0)
  if not client then
    return {}
  end
  local answer = client:request_sync('textDocument/codeAction', params(client, 0), 300, 0)
  return vim.tbl_map(function(recipe)
    return recipe.name
  end, recipes(answer and answer.result))
end

---Starts a task at the cursor: the one named, or one that the user picks.
---@param name string?
function M.start(name)
  local bufnr = vim.api.nvim_get_current_buf()
  local client = client_of.need(bufnr)
  if not client then
    return
  end
  client:request('textDocument/codeAction', params(client, bufnr), function(failure, actions)
    if failure then
      return client_of.notify(failure.message, vim.log.levels.ERROR)
    end
    local offered = recipes(actions)
    local function start(recipe)
      if recipe then
        client_of.execute(client, 'start', recipe.argument)
      end
    end
    if name then
      for _, recipe in ipairs(offered) do
        if recipe.name == name then
          return start(recipe)
        end
      end
      return client_of.notify(('%s is not offered for this file'):format(name), vim.log.levels.ERROR)
    end
    if #offered == 0 then
      return client_of.notify('no task fits this file', vim.log.levels.WARN)
    end
    vim.ui.select(offered, {
      prompt = 'Vouchsafe: start',
      format_item = function(recipe)
        return recipe.title
      end,
    }, start)
  end, bufnr)
end

---@param task vouchsafe.Task
---@return string
local function in_words(task)
  local state = task.step or task.phase
  if task.waiting > 0 then
    state = ('%s, %d waiting'):format(state, task.waiting)
  end
  if task.conflicts > 0 then
    state = ('%s (%d in conflict)'):format(state, task.conflicts)
  end
  return ('task %d: %s, %s'):format(task.task, task.title, state)
end

---Hands one of this session's tasks on: the one named, the only one, or the one that the user picks.
---@param number string?
---@param fits fun(task: vouchsafe.Task): boolean
---@param take fun(client: vim.lsp.Client, task: vouchsafe.Task)
local function pick(number, fits, take)
  local client = client_of.need(0)
  if not client then
    return
  end
  client_of.execute(client, 'tasks', nil, function(listed)
    local found = vim.tbl_filter(function(task)
      return (not number or tostring(task.task) == number) and fits(task)
    end, listed or {})
    if #found == 0 then
      local text = number and ('there is no such task %s'):format(number) or 'there is no such task'
      client_of.notify(text, vim.log.levels.WARN)
    elseif #found == 1 then
      take(client, found[1])
    else
      vim.ui.select(found, { prompt = 'Vouchsafe', format_item = in_words }, function(task)
        if task then
          take(client, task)
        end
      end)
    end
  end)
end

---@param client vim.lsp.Client
---@param task vouchsafe.Task
local function choose(client, task)
  local choices = {}
  local function offer(title, run)
    choices[#choices + 1] = { title = title, run = run }
  end
  local number = tostring(task.task)
  if task.waiting > 0 then
    offer('Review its changes', function()
      require('vouchsafe.review').open(number)
    end)
    for _, verb in ipairs({ 'accept', 'reject' }) do
      offer(('%s all its changes'):format(verb == 'accept' and 'Accept' or 'Reject'), function()
        require('vouchsafe.decide').decide(verb, number, 0, 0)
      end)
    end
  end
  if task.record then
    offer('Show its record', function()
      require('vouchsafe.evidence').open(task.record)
    end)
  end
  if task.phase ~= 'ended' then
    offer('Cancel it', function()
      client_of.execute(client, 'cancel', { task = task.task })
    end)
  end
  vim.ui.select(choices, {
    prompt = in_words(task),
    format_item = function(choice)
      return choice.title
    end,
  }, function(choice)
    if choice then
      choice.run()
    end
  end)
end

---Lists the tasks of this session; the one picked can be reviewed, looked at or cancelled.
---@param number string?
function M.list(number)
  pick(number, function()
    return true
  end, choose)
end

---Cancels a task that runs or waits for its turn.
---@param number string?
function M.cancel(number)
  pick(number, function(task)
    return task.phase ~= 'ended'
  end, function(client, task)
    client_of.execute(client, 'cancel', { task = task.task })
  end)
end

---Opens the record of a task.
---@param number string?
function M.log(number)
  pick(number, function(task)
    return task.record ~= nil
  end, function(_, task)
    require('vouchsafe.evidence').open(task.record)
  end)
end

return M
