-- The buffer beside the text it would become, as a diff in a tab of its own.
local changes = require('vouchsafe.changes')
local client_of = require('vouchsafe.client')

local M = {}

---@param text string
---@return string[]
local function lines_of(text)
  if text == '' then
    return {}
  end
  local lines = vim.split((text:gsub('\r\n?', '\n')), '\n', { plain = true })
  if lines[#lines] == '' then
    lines[#lines] = nil
  end
  return lines
end

---The lines of a buffer with the open changes of one task made, conflicts left out.
---@param bufnr integer
---@param task integer
---@return string[]
local function proposed(bufnr, task)
  local lines = vim.api.nvim_buf_get_lines(bufnr, 0, -1, false)
  local list = vim.tbl_filter(function(change)
    return change.task == task and change.kind == 'text' and change.state == 'pending'
  end, changes.list(bufnr))
  -- From the end, so that the lines above keep their numbers.
  for nth = #list, 1, -1 do
    local change = list[nth]
    local after = vim.list_slice(lines, change.end_line + 1)
    lines = vim.list_slice(lines, 1, change.start_line)
    vim.list_extend(lines, lines_of(change.new or ''))
    vim.list_extend(lines, after)
  end
  return lines
end

---@param bufnr integer
---@param change vouchsafe.Change
local function side_by_side(bufnr, change)
  local text = proposed(bufnr, change.task)
  vim.cmd('tab split')
  vim.api.nvim_win_set_buf(0, bufnr)
  vim.cmd('diffthis')
  local theirs = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_lines(theirs, 0, -1, false, text)
  pcall(
    vim.api.nvim_buf_set_name,
    theirs,
    ('vouchsafe://task/%d/%s#%d'):format(change.task, change.path, theirs)
  )
  vim.bo[theirs].bufhidden = 'wipe'
  vim.bo[theirs].filetype = vim.bo[bufnr].filetype
  vim.bo[theirs].modifiable = false
  vim.api.nvim_open_win(theirs, false, { split = 'right', win = 0 })
  vim.api.nvim_win_call(vim.fn.bufwinid(theirs), function()
    vim.cmd('diffthis')
  end)
end

---Compares what waits at the cursor: all changes of its task in this file as a diff split. A conflict, a change
---without lines, or `hunk`: the server's file with the difference.
---@param what string?
function M.show(what)
  local bufnr = vim.api.nvim_get_current_buf()
  local row = vim.fn.line('.') - 1
  local change = changes.at(bufnr, row)[1] or changes.list(bufnr)[1]
  if not change then
    return client_of.notify('no change waits in this file', vim.log.levels.WARN)
  end
  if what ~= 'hunk' and change.kind == 'text' and change.state == 'pending' then
    return side_by_side(bufnr, change)
  end
  local client = vim.lsp.get_client_by_id(change.client_id)
  if client then
    client_of.execute(client, 'compare', { task = change.task, hunk = change.hunk })
  end
end

return M
