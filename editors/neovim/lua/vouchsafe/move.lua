-- Going from change to change, over all files.
local changes = require('vouchsafe.changes')
local client_of = require('vouchsafe.client')

local M = {}

---@param change vouchsafe.Change
function M.to(change)
  local bufnr = changes.bufnr(change)
  vim.cmd("normal! m'")
  if bufnr ~= vim.api.nvim_get_current_buf() then
    vim.bo[bufnr].buflisted = true
    vim.api.nvim_win_set_buf(0, bufnr)
  end
  local last = vim.api.nvim_buf_line_count(bufnr)
  vim.api.nvim_win_set_cursor(0, { math.min(change.start_line + 1, last), 0 })
  vim.cmd('normal! zv')
end

---The next change after the cursor, or the one before it; round the end.
---@param step 1|-1
function M.step(step)
  local list = changes.list()
  if #list == 0 then
    return client_of.notify('no change waits')
  end
  local here = vim.uri_from_bufnr(0)
  local row = vim.fn.line('.') - 1
  local last = vim.api.nvim_buf_line_count(0) - 1
  if step < 0 then
    local reversed = {}
    for nth = #list, 1, -1 do
      reversed[#reversed + 1] = list[nth]
    end
    list = reversed
  end
  for _, change in ipairs(list) do
    local line = math.min(change.start_line, last)
    local beyond = change.uri ~= here and (change.uri > here) == (step > 0)
      or change.uri == here and (line - row) * step > 0
    if beyond then
      return M.to(change)
    end
  end
  M.to(list[1] --[[@as vouchsafe.Change]])
end

return M
