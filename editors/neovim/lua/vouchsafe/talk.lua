-- Speaking to tasks of a model: while they run, and after they have ended.
local client_of = require('vouchsafe.client')

local M = {}

---@param command 'message'|'followUp'
---@param client vim.lsp.Client
---@param task integer
---@param text string
---@param prompt string
local function say(command, client, task, text, prompt)
  if text ~= '' then
    return client_of.execute(client, command, { task = task, text = text })
  end
  vim.ui.input({ prompt = prompt:format(task) }, function(typed)
    if typed and vim.trim(typed) ~= '' then
      client_of.execute(client, command, { task = task, text = vim.trim(typed) })
    end
  end)
end

---@param command 'message'|'followUp'
---@param argument string? A task's number, words, or both
---@param fits fun(task: vouchsafe.Task): boolean
---@param prompt string
local function speak(command, argument, fits, prompt)
  local client = client_of.need(0)
  if not client or client_of.too_old(client, command) then
    return
  end
  local number, words = (argument or ''):match('^(%d*)%s*(.-)%s*$')
  if number ~= '' then
    return say(command, client, math.floor(tonumber(number) or 0), words, prompt)
  end
  require('vouchsafe.tasks').pick(nil, fits, function(owner, task)
    say(command, owner, task.task, words, prompt)
  end)
end

---Says something to a task that runs.
---@param argument string?
function M.message(argument)
  speak('message', argument, function(task)
    return task.phase ~= 'ended' and require('vouchsafe.start').is_kind(task.kind)
  end, 'To task %d: ')
end

---Goes on from a task that has ended.
---@param argument string?
function M.follow(argument)
  speak('followUp', argument, function(task)
    return task.phase == 'ended' and require('vouchsafe.start').is_kind(task.kind)
  end, 'Go on from task %d: ')
end

---Opens the page with what the model said last: to the task named, else to the newest that has one.
---@param number string?
function M.answer(number)
  local found = false
  require('vouchsafe.tasks').pick(number, function(task)
    local fits = not found and task.answer ~= nil
    found = found or fits
    return fits
  end, function(_, task)
    require('vouchsafe.evidence').page(task.answer)
  end)
end

---Takes the key of a model profile for this session. It is not echoed, and kept nowhere.
---@param profile string?
function M.key(profile)
  local client = client_of.need(0)
  if not client or client_of.too_old(client, 'setKey') then
    return
  end
  local function ask(name)
    if not name or name == '' then
      return
    end
    vim.fn.inputsave()
    local typed, key = pcall(vim.fn.inputsecret, ('Key of %s: '):format(name))
    vim.fn.inputrestore()
    if typed and key ~= '' then
      client_of.execute(client, 'setKey', { profile = name, key = key }, function()
        client_of.notify(('the key of %s is set until the server ends'):format(name))
      end)
    end
  end
  if profile then
    return ask(profile)
  end
  vim.ui.input({ prompt = 'Key of which model profile: ' }, ask)
end

return M
