-- The record of a task, read only, one fold for each step.
local client_of = require('vouchsafe.client')

local M = {}

---The fold level of each line, by buffer.
---@type table<integer, (string|integer)[]>
local folds = {}

---For 'foldexpr': a step begins at its heading. A heading inside of a block of output begins nothing.
---@param lnum integer
---@return string|integer
function M.fold(lnum)
  local known = folds[vim.api.nvim_get_current_buf()]
  return known and known[lnum] or 0
end

---The fold level of each line of a record.
---@param lines string[]
---@return (string|integer)[]
local function levels(lines)
  local found, fence, begun = {}, nil, false
  for lnum, line in ipairs(lines) do
    local ticks = line:match('^(```+)')
    if not fence then
      fence = ticks
    elseif ticks and #ticks >= #fence and line:match('^`+%s*$') then
      fence = nil
    end
    local heading = not fence and line:match('^## ') ~= nil
    begun = begun or heading
    found[lnum] = heading and '>1' or (begun and 1 or 0)
  end
  return found
end

---@param path string?
---@param line integer? From 1
function M.open(path, line)
  if not path then
    return client_of.notify('the task is still running: its record is there when it ends')
  end
  local bufnr = vim.fn.bufadd(path)
  local window = vim.fn.bufwinid(bufnr)
  if window ~= -1 then
    vim.api.nvim_set_current_win(window)
  else
    vim.cmd({ cmd = 'split', mods = { split = 'belowright' } })
    vim.bo[bufnr].swapfile = false
    vim.api.nvim_win_set_buf(0, bufnr)
  end
  vim.bo[bufnr].readonly = true
  vim.bo[bufnr].modifiable = false
  folds[bufnr] = levels(vim.api.nvim_buf_get_lines(bufnr, 0, -1, false))
  vim.wo[0][0].foldmethod = 'expr'
  vim.wo[0][0].foldexpr = "v:lua.require'vouchsafe.evidence'.fold(v:lnum)"
  vim.wo[0][0].foldlevel = 0
  vim.wo[0][0].foldenable = true
  local last = vim.api.nvim_buf_line_count(bufnr)
  vim.api.nvim_win_set_cursor(0, { math.max(math.min(line or 1, last), 1), 0 })
  vim.cmd('normal! zxzvzt')
end

---The record of what stands at the cursor: an open change, else the accepted change that made the line.
function M.here()
  local bufnr = vim.api.nvim_get_current_buf()
  local row = vim.fn.line('.') - 1
  local change = require('vouchsafe.changes').at(bufnr, row)[1]
  if change then
    return M.open(change.record, change.line)
  end
  local client = client_of.need(bufnr)
  if not client then
    return
  end
  require('vouchsafe.blame').ask(client, bufnr, function(listed)
    for _, lines in ipairs(listed) do
      if lines.start_line <= row and row < lines.end_line then
        return M.open(lines.record, lines.line)
      end
    end
    client_of.notify('no task made this line: :Vouchsafe log shows the record of a whole task')
  end)
end

return M
