-- The lines that accepted changes made, marked in the sign column and at the end of the line.
local client_of = require('vouchsafe.client')

local M = {}

local namespace = vim.api.nvim_create_namespace('vouchsafe.blame')
vim.api.nvim_set_hl(0, 'VouchsafeBlame', { link = 'DiagnosticHint', default = true })

---Buffers in which it is shown; `asked` until it was shown once.
---@type table<integer, true|'asked'>
local shown = {}

---@param client vim.lsp.Client
---@param bufnr integer
---@param done fun(listed: vouchsafe.Lines[])
function M.ask(client, bufnr, done)
  client_of.execute(client, 'blame', { uri = vim.uri_from_bufnr(bufnr) }, done)
end

---@param bufnr integer
---@param lines vouchsafe.Lines
---@param how ('sign'|'text')[]
local function mark(bufnr, lines, how)
  local count = vim.api.nvim_buf_line_count(bufnr)
  for row = lines.start_line, math.min(lines.end_line, count) - 1 do
    local extmark = {}
    if vim.list_contains(how, 'sign') then
      extmark.sign_text, extmark.sign_hl_group = '▎', 'VouchsafeBlame'
    end
    local cite = lines.cites[1]
    if vim.list_contains(how, 'text') and row == lines.start_line then
      local command = cite and ': ' .. cite.command .. (cite.exit and ' → ' .. cite.exit or '') or ''
      extmark.virt_text = { { ('  task %d%s'):format(lines.task, command), 'VouchsafeBlame' } }
      extmark.hl_mode = 'combine'
    end
    vim.api.nvim_buf_set_extmark(bufnr, namespace, row, 0, extmark)
  end
end

---@param bufnr integer
local function draw(bufnr)
  local client = client_of.of(bufnr)
  if not client then
    return
  end
  M.ask(client, bufnr, function(listed)
    if not shown[bufnr] or not vim.api.nvim_buf_is_loaded(bufnr) then
      return
    end
    vim.api.nvim_buf_clear_namespace(bufnr, namespace, 0, -1)
    local how = require('vouchsafe.config').get().blame
    for _, lines in ipairs(listed) do
      mark(bufnr, lines, how)
    end
    if shown[bufnr] == 'asked' and #listed == 0 then
      client_of.notify('no task made a line of this file, by what is on record here')
    end
    shown[bufnr] = true
  end)
end

---Draws it again where it is shown.
---@param bufnr integer
function M.follow(bufnr)
  if shown[bufnr] then
    draw(bufnr)
  end
end

---Shows or hides it in the current buffer.
function M.toggle()
  local bufnr = vim.api.nvim_get_current_buf()
  if shown[bufnr] then
    shown[bufnr] = nil
    vim.api.nvim_buf_clear_namespace(bufnr, namespace, 0, -1)
  elseif client_of.need(bufnr) then
    shown[bufnr] = 'asked'
    draw(bufnr)
  end
end

return M
