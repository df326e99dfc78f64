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

---Goes to the window that shows a file, or shows it in a new one.
---@param path string
---@return integer bufnr
local function show(path)
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
  return bufnr
end

---Makes a record in the current window read only and folds it, however it came there. Its cursor stays.
---@param bufnr integer
function M.dress(bufnr)
  vim.bo[bufnr].readonly = true
  vim.bo[bufnr].modifiable = false
  folds[bufnr] = levels(vim.api.nvim_buf_get_lines(bufnr, 0, -1, false))
  vim.wo[0][0].foldmethod = 'expr'
  vim.wo[0][0].foldexpr = "v:lua.require'vouchsafe.evidence'.fold(v:lnum)"
  vim.wo[0][0].foldlevel = 0
  vim.wo[0][0].foldenable = true
  vim.cmd('normal! zxzv')
end

---Opens a record.
---@param path string?
---@param line integer? From 1
function M.open(path, line)
  if not path then
    return client_of.notify('the task is still running: its record is there when it ends')
  end
  local bufnr = show(path)
  local last = vim.api.nvim_buf_line_count(bufnr)
  vim.api.nvim_win_set_cursor(0, { math.max(math.min(line or 1, last), 1), 0 })
  M.dress(bufnr)
  vim.cmd('normal! zt')
end

---Opens a page of the server that is not a record.
---@param path string
function M.page(path)
  show(path)
end

---The accepted change that made a line.
---@param bufnr integer
---@param row integer
local function of_line(bufnr, row)
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

---The record of what stands at the cursor: an open change or a finding, of several the one that the user picks; else
---the accepted change that made the line.
function M.here()
  local bufnr = vim.api.nvim_get_current_buf()
  local row = vim.fn.line('.') - 1
  local choices = {}
  for _, change in ipairs(require('vouchsafe.changes').at(bufnr, row)) do
    choices[#choices + 1] = {
      title = ('%d.%d %s: %s'):format(change.task, change.hunk, change.title, change.what),
      run = function()
        M.open(change.record, change.line)
      end,
    }
  end
  local findings = require('vouchsafe.findings')
  local in_list = vim.bo[bufnr].buftype == 'quickfix'
  local any = in_list and function()
    return true
  end or nil
  for _, finding in ipairs(findings.at(bufnr, row, any)) do
    choices[#choices + 1] = {
      title = findings.in_words(finding),
      run = function()
        findings.show(finding)
      end,
    }
  end
  if #choices == 0 then
    return of_line(bufnr, row)
  end
  client_of.pick(choices, 'Vouchsafe: evidence', function(choice)
    return choice.title
  end, function(choice)
    choice.run()
  end)
end

return M
