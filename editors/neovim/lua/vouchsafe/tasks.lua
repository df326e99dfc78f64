-- Listing tasks, choosing among them, ending them.
local client_of = require('vouchsafe.client')

local M = {}

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
function M.pick(number, fits, take)
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
    else
      client_of.pick(found, 'Vouchsafe', in_words, function(task)
        take(client, task)
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
  if task.answer then
    offer('Show its answer', function()
      require('vouchsafe.evidence').page(task.answer)
    end)
  end
  if task.record then
    offer('Show its record', function()
      require('vouchsafe.evidence').open(task.record)
    end)
  end
  local of_model = require('vouchsafe.start').is_kind(task.kind)
  if task.phase == 'ended' then
    if of_model then
      offer('Go on from it', function()
        require('vouchsafe.talk').follow(number)
      end)
    end
    offer('Copy its commit trailer', function()
      require('vouchsafe.trailer').copy(number)
    end)
  else
    if of_model then
      offer('Tell it something', function()
        require('vouchsafe.talk').message(number)
      end)
    end
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
  M.pick(number, function()
    return true
  end, choose)
end

---Cancels a task that runs or waits for its turn.
---@param number string?
function M.cancel(number)
  M.pick(number, function(task)
    return task.phase ~= 'ended'
  end, function(client, task)
    client_of.execute(client, 'cancel', { task = task.task })
  end)
end

---Opens the record of a task.
---@param number string?
function M.log(number)
  M.pick(number, function(task)
    return task.record ~= nil
  end, function(_, task)
    require('vouchsafe.evidence').open(task.record)
  end)
end

return M
