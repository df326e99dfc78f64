-- The plug-in's ear on the server: it loads the rest when there is something to show.
local M = {}

local token = '^vouchsafe/task/(%d+)$'
local listening = false

---Titles and steps of the tasks that run, by progress token.
---@type table<string, { task: integer, title: string, step: string? }>
local running = {}

---@param event { data: { client_id: integer, params: lsp.ProgressParams } }
local function progress(event)
  local params = event.data.params
  local task = tonumber(tostring(params.token):match(token))
  local client = vim.lsp.get_client_by_id(event.data.client_id)
  if not task or not client or client.name ~= 'vouchsafe' then
    return
  end
  local events, value = require('vouchsafe.events'), params.value
  if value.kind == 'begin' then
    running[params.token] = { task = task, title = value.title }
    events.fire('TaskStarted', { task = task, title = value.title })
  elseif value.kind == 'report' then
    local known = running[params.token]
    if known then
      known.step = value.message
    end
    events.fire('TaskProgress', { task = task, message = value.message, percentage = value.percentage })
  elseif value.kind == 'end' then
    running[params.token] = nil
    events.fire('TaskEnded', { task = task, message = value.message })
  end
  vim.cmd.redrawstatus()
end

---@param event { data: { diagnostics: vim.Diagnostic[] } }
local function diagnostics(event)
  local found = event.data.diagnostics
  local ours = #found == 0 and package.loaded['vouchsafe.changes'] ~= nil
  for _, one in ipairs(found) do
    ours = ours or one.source == 'vouchsafe'
  end
  if ours then
    require('vouchsafe.changes').refresh()
  end
end

---Listens to a server. Called when one starts; calling it again does nothing.
---@param client vim.lsp.Client
function M.attach(client)
  if not client.commands['vouchsafe.accept'] then
    for _, name in ipairs({ 'accept', 'reject', 'showEvidence' }) do
      client.commands['vouchsafe.' .. name] = function(command)
        require('vouchsafe.decide').from_menu(client, name, command.arguments[1])
      end
    end
  end
  if listening then
    return
  end
  listening = true
  local group = vim.api.nvim_create_augroup('vouchsafe', {})
  vim.api.nvim_create_autocmd('LspProgress', { group = group, callback = progress })
  vim.api.nvim_create_autocmd('DiagnosticChanged', { group = group, callback = diagnostics })
  vim.api.nvim_create_autocmd('BufWinEnter', {
    group = group,
    callback = function(event)
      local changes = package.loaded['vouchsafe.changes']
      if changes then
        changes.draw(event.buf)
      end
    end,
  })
end

---For a status line: the running tasks and the changes that wait; empty when there is neither.
---@return string
function M.statusline()
  local parts = {}
  for _, task in pairs(running) do
    parts[#parts + 1] = task.step and ('%s (%s)'):format(task.title, task.step) or task.title
  end
  table.sort(parts)
  local changes = package.loaded['vouchsafe.changes']
  local open, conflicts = 0, 0
  if changes then
    open, conflicts = changes.count()
  end
  if open > 0 then
    local text = open == 1 and '1 change' or open .. ' changes'
    parts[#parts + 1] = conflicts > 0 and ('%s, %d in conflict'):format(text, conflicts) or text
  end
  -- A percent sign would be an item of the status line.
  return #parts == 0 and '' or 'Vouchsafe: ' .. (table.concat(parts, ' · '):gsub('%%', '%%%%'))
end

return M
