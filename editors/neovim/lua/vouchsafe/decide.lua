-- Accepting and rejecting, by the server's commands: the edit is the client's own, so undo, marks and folds stay.
local changes = require('vouchsafe.changes')
local client_of = require('vouchsafe.client')
local events = require('vouchsafe.events')

local M = {}

---What the user decided, newest last, until the changes that it spoke of are gone.
---@type { client_id: integer, verb: 'accept'|'reject', pick: vouchsafe.Pick }[]
local decided = {}
local decided_max = 200

---@param client vim.lsp.Client
---@param verb 'accept'|'reject'
---@param pick vouchsafe.Pick
local function remember(client, verb, pick)
  if #decided == decided_max then
    table.remove(decided, 1)
  end
  table.insert(decided, { client_id = client.id, verb = verb, pick = pick })
end

---@param client vim.lsp.Client
---@param verb 'accept'|'reject'
---@param pick vouchsafe.Pick
local function send(client, verb, pick)
  remember(client, verb, pick)
  client_of.execute(client, verb, pick)
end

---A change is no longer open: says how it was decided, if that is known.
---@param change vouchsafe.Change
function M.gone(change)
  for nth = #decided, 1, -1 do
    local one = decided[nth]
    local pick = one.pick
    local about = one.client_id == change.client_id
      and pick.task == change.task
      and (not pick.hunk or pick.hunk == change.hunk)
      and (not pick.uri or pick.uri == change.uri)
    if about then
      if pick.hunk then
        table.remove(decided, nth)
      end
      local data = { task = change.task, hunk = change.hunk, path = change.path }
      return events.fire(one.verb == 'accept' and 'Accepted' or 'Rejected', data)
    end
  end
end

---Accepts a change after those that it needs.
---@param client vim.lsp.Client
---@param pick vouchsafe.Pick
local function with_needs(client, pick)
  for _, change in ipairs(changes.list()) do
    if change.client_id == client.id and change.task == pick.task and change.hunk == pick.hunk then
      for _, hunk in ipairs(change.needs or {}) do
        remember(client, 'accept', { task = pick.task, hunk = hunk })
      end
    end
  end
  send(client, 'accept', { task = pick.task, hunk = pick.hunk, with_needs = true })
end

---A command chosen in the menu of code actions.
---@param client vim.lsp.Client
---@param name 'accept'|'reject'|'showEvidence'
---@param pick vouchsafe.Pick
function M.from_menu(client, name, pick)
  if pick.with_needs then
    return with_needs(client, pick)
  elseif name == 'accept' or name == 'reject' then
    return send(client, name, pick)
  end
  for _, change in ipairs(changes.list()) do
    if change.client_id == client.id and change.task == pick.task and change.hunk == pick.hunk then
      return require('vouchsafe.evidence').open(change.record, change.line)
    end
  end
  client_of.execute(client, name, pick)
end

---@param verb 'accept'|'reject'
---@param list vouchsafe.Change[]
---@param needs boolean Whether what they need is accepted first
local function each(verb, list, needs)
  local client = list[1] and vim.lsp.get_client_by_id(list[1].client_id)
  if not client then
    return client_of.notify('no change waits here: :Vouchsafe next goes to one', vim.log.levels.WARN)
  end
  for _, change in ipairs(list) do
    local pick = { task = change.task, hunk = change.hunk }
    if needs then
      with_needs(client, pick)
    else
      send(client, verb, pick)
    end
  end
end

---One decision for each task that has changes in the list; several tasks are asked about one by one.
---@param verb 'accept'|'reject'
---@param list vouchsafe.Change[]
---@param pick_of fun(change: vouchsafe.Change): vouchsafe.Pick
local function by_task(verb, list, pick_of)
  local tasks, seen = {}, {}
  for _, change in ipairs(list) do
    if not seen[change.task] then
      seen[change.task] = true
      tasks[#tasks + 1] = change
    end
  end
  if #tasks == 0 then
    return client_of.notify('no change waits', vim.log.levels.WARN)
  end
  ---@param change vouchsafe.Change?
  local function take(change)
    local client = change and vim.lsp.get_client_by_id(change.client_id)
    if change and client then
      send(client, verb, pick_of(change))
    end
  end
  if #tasks == 1 then
    return take(tasks[1])
  end
  vim.ui.select(tasks, {
    prompt = ('Vouchsafe: %s all changes of'):format(verb),
    format_item = function(change)
      return ('task %d: %s'):format(change.task, change.title)
    end,
  }, take)
end

---@param verb 'accept'|'reject'
---@param what string? `file`, `all`, `needs` or a task's number; else the changes on the lines
---@param first integer From 0
---@param last integer
function M.decide(verb, what, first, last)
  local bufnr = vim.api.nvim_get_current_buf()
  local needs = verb == 'accept' and what == 'needs'
  if not what or needs then
    return each(verb, changes.at(bufnr, first, last), needs)
  end
  local task = tonumber(what)
  if what == 'file' then
    by_task(verb, changes.list(bufnr), function(change)
      return { task = change.task, uri = change.uri }
    end)
  elseif what == 'all' or task then
    local list = vim.tbl_filter(function(change)
      return not task or change.task == task
    end, changes.list())
    by_task(verb, list, function(change)
      return { task = change.task }
    end)
  else
    client_of.notify(('%s: expected file, all or the number of a task'):format(what), vim.log.levels.ERROR)
  end
end

return M
