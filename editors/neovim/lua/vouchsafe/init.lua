-- The plug-in's ear on the server: it loads the rest when there is something to show.
local M = {}

local token = '^vouchsafe/task/(%d+)$'
local listening = false

---Titles and steps of the tasks that run, by number.
---@type table<integer, { title: string, step: string? }>
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
    running[task] = { title = value.title }
    events.fire('TaskStarted', { task = task, title = value.title })
  elseif value.kind == 'report' then
    local known = running[task]
    if known then
      known.step = value.message
    end
    events.fire('TaskProgress', { task = task, message = value.message, percentage = value.percentage })
  elseif value.kind == 'end' then
    running[task] = nil
    events.fire('TaskEnded', { task = task, message = value.message })
    -- A claim that is verified is no diagnostic: nothing else tells of it.
    if package.loaded['vouchsafe.changes'] then
      require('vouchsafe.changes').refresh()
    end
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

-- Where the choices of a question at the end of a task are in the plug-in, by the first of them.
local instead = { ['Accept all'] = 'review', ['Show the answer'] = 'answer' }

---A question. At the end of a task Neovim would ask it by a menu that takes the keys of whoever is typing; other
---questions come right after what the user did.
---@param failure lsp.ResponseError?
---@param params lsp.ShowMessageRequestParams
---@param context lsp.HandlerContext
local function question(failure, params, context)
  local first = (params.actions or {})[1]
  local subcommand = first and instead[first.title]
  if not subcommand or require('vouchsafe.config').get().ask then
    return vim.lsp.handlers['window/showMessageRequest'](failure, params, context)
  end
  vim.notify(('%s (:Vouchsafe %s)'):format(params.message, subcommand), vim.log.levels.INFO)
  return vim.NIL
end

---Whether a file is the record of a task.
---@param path string
---@return boolean
function M.is_record(path)
  return path:match('/vouchsafe/tasks/%d+/record%.md$') ~= nil
end

---@param event { buf: integer, file: string }
local function shown(event)
  local changes = package.loaded['vouchsafe.changes']
  if changes then
    changes.draw(event.buf)
  end
  if vim.bo[event.buf].buftype == 'nofile' then
    -- A float is mapped after it is shown, and not entered.
    vim.schedule(function()
      local float = vim.fn.bufwinid(event.buf)
      if float ~= -1 and vim.api.nvim_win_get_config(float).relative ~= '' then
        require('vouchsafe.links').equip(float, vim.api.nvim_get_current_win())
      end
    end)
  elseif M.is_record(vim.api.nvim_buf_get_name(event.buf)) then
    -- What opened it puts the cursor at the line after this.
    vim.schedule(function()
      if vim.api.nvim_get_current_buf() == event.buf then
        require('vouchsafe.evidence').dress(event.buf)
      end
    end)
  end
end

---Listens to a server. Called when one starts; calling it again does nothing.
---@param client vim.lsp.Client
function M.attach(client)
  if not client.commands['vouchsafe.accept'] then
    for _, name in ipairs({ 'accept', 'reject', 'showEvidence' }) do
      client.commands['vouchsafe.' .. name] = function(command)
        local pick = (command.arguments or {})[1]
        ---@cast pick vouchsafe.Pick
        require('vouchsafe.decide').from_menu(client, name, pick)
      end
    end
    client.commands['vouchsafe.showFinding'] = function(command)
      require('vouchsafe.findings').from_menu(client, (command.arguments or {})[1])
    end
  end
  client.handlers['window/showMessageRequest'] = client.handlers['window/showMessageRequest'] or question
  if listening then
    return
  end
  listening = true
  local group = vim.api.nvim_create_augroup('vouchsafe', {})
  vim.api.nvim_create_autocmd('LspProgress', { group = group, callback = progress })
  vim.api.nvim_create_autocmd('DiagnosticChanged', { group = group, callback = diagnostics })
  vim.api.nvim_create_autocmd('LspDetach', {
    group = group,
    callback = function()
      if package.loaded['vouchsafe.changes'] then
        vim.schedule(require('vouchsafe.changes').refresh)
      end
    end,
  })
  vim.api.nvim_create_autocmd('BufWinEnter', { group = group, callback = shown })
end

---For a status line: the running tasks, the changes that wait and the findings; empty when there are none.
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
  local findings = changes and require('vouchsafe.findings').count() or 0
  if findings > 0 then
    parts[#parts + 1] = findings == 1 and '1 finding' or findings .. ' findings'
  end
  -- A percent sign would be an item of the status line.
  return #parts == 0 and '' or 'Vouchsafe: ' .. (table.concat(parts, ' · '):gsub('%%', '%%%%'))
end

return M
