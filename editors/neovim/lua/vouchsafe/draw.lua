-- Open changes in a buffer: the old lines highlighted where they stand, the new ones as virtual lines below them.
local config = require('vouchsafe.config')

local M = {}

local namespace = vim.api.nvim_create_namespace('vouchsafe.changes')

-- The user's own definitions win.
for name, link in pairs({
  VouchsafeAdd = 'DiffAdd',
  VouchsafeDelete = 'DiffDelete',
  VouchsafeConflict = 'DiffChange',
  VouchsafeLabel = 'Comment',
  VouchsafeWarning = 'DiagnosticWarn',
}) do
  vim.api.nvim_set_hl(0, name, { link = link, default = true })
end

---The lines of a text, as they can be shown: without line ends, tabs and control characters.
---@param text string
---@param tabstop integer
---@return string[]
local function lines_of(text, tabstop)
  if text == '' then
    return {}
  end
  local lines = vim.split((text:gsub('\r\n?', '\n')), '\n', { plain = true })
  if lines[#lines] == '' then
    lines[#lines] = nil
  end
  return vim.tbl_map(function(line)
    local spaced = line:gsub('()\t', function(at)
      return (' '):rep(tabstop - (at - 1) % tabstop)
    end)
    return vim.fn.strtrans(spaced)
  end, lines)
end

---Virtual lines as wide as the screen, so that they look like lines of a diff.
---@param lines string[]
---@param label string?
---@return [string, string|string[]][][]
local function added(lines, label)
  local rows = {}
  for nth, line in ipairs(lines) do
    ---@type [string, string|string[]][]
    local row = { { line, 'VouchsafeAdd' } }
    local used = vim.fn.strdisplaywidth(line)
    local shown = nth == 1 and label and '  ' .. label or ''
    if shown ~= '' then
      row[2] = { shown, { 'VouchsafeAdd', 'VouchsafeLabel' } }
    end
    row[#row + 1] =
      { (' '):rep(math.max(vim.o.columns - used - vim.fn.strdisplaywidth(shown), 0)), 'VouchsafeAdd' }
    rows[#rows + 1] = row
  end
  return rows
end

---@param bufnr integer
---@param row integer
---@param rows [string, string|string[]][][]
---@param above boolean
local function virtual(bufnr, row, rows, above)
  if #rows == 0 then
    return
  end
  vim.api.nvim_buf_set_extmark(bufnr, namespace, row, 0, { virt_lines = rows, virt_lines_above = above })
  if not (above and row == 0) then
    return
  end
  -- Lines above the first one are out of sight until the window makes room for them.
  for _, window in ipairs(vim.fn.win_findbuf(bufnr)) do
    vim.api.nvim_win_call(window, function()
      if vim.fn.line('w0') == 1 then
        vim.fn.winrestview({ topfill = #rows })
      end
    end)
  end
end

---@param bufnr integer
---@param row integer
---@param text string
---@param group string
local function at_end_of_line(bufnr, row, text, group)
  local mark = { virt_text = { { '  ' .. text, group } }, virt_text_pos = 'eol', hl_mode = 'combine' }
  vim.api.nvim_buf_set_extmark(bufnr, namespace, row, 0, mark)
end

---@param change vouchsafe.Change
---@return string
local function label_of(change)
  local needs = vim.tbl_map(function(number)
    return ('%d.%d'):format(change.task, number)
  end, change.needs or {})
  local after = #needs > 0 and (' (needs %s)'):format(table.concat(needs, ', ')) or ''
  return ('%d.%d %s%s'):format(change.task, change.hunk, change.title, after)
end

---@param bufnr integer
---@param change vouchsafe.Change
---@param last_row integer
local function hunk(bufnr, change, last_row)
  local conflict = change.state == 'conflict'
  local label = label_of(change)
  local new = lines_of(change.new or '', vim.bo[bufnr].tabstop)
  local rows = added(new, label)
  local first, last = change.start_line, math.min(change.end_line - 1, last_row)
  for row = first, last do
    local group = conflict and 'VouchsafeConflict' or 'VouchsafeDelete'
    vim.api.nvim_buf_set_extmark(bufnr, namespace, row, 0, { line_hl_group = group })
  end
  if conflict then
    local proposed = #new > 0 and 'The task proposes:' or 'The task deletes this.'
    table.insert(
      rows,
      1,
      { { ('In conflict: %s %s'):format(change.reason or '', proposed), 'VouchsafeWarning' } }
    )
  elseif #new == 0 then
    at_end_of_line(bufnr, math.min(first, last_row), label, 'VouchsafeLabel')
  end
  if first <= last then
    virtual(bufnr, last, rows, false)
  elseif first > last_row then
    virtual(bufnr, last_row, rows, false)
  else
    virtual(bufnr, first, rows, true)
  end
end

---@param bufnr integer
---@param change vouchsafe.Change
---@param last_row integer
local function whole(bufnr, change, last_row)
  local label = label_of(change) .. ': ' .. change.what
  local rows = { { { label, 'VouchsafeLabel' } } }
  local text = change.new or change.old
  local lines = text and lines_of(text, vim.bo[bufnr].tabstop) or {}
  local limit = config.get().preview_lines
  local shown = added(vim.list_slice(lines, 1, limit))
  if not change.new then
    for _, row in ipairs(shown) do
      for _, chunk in ipairs(row) do
        chunk[2] = 'VouchsafeDelete'
      end
    end
  end
  vim.list_extend(rows, shown)
  if #lines > limit then
    local more = ('%d more lines: :Vouchsafe compare shows all'):format(#lines - limit)
    rows[#rows + 1] = { { more, 'VouchsafeLabel' } }
  end
  virtual(bufnr, math.min(change.start_line, last_row), rows, false)
end

---Draws these changes, and no others, in a buffer.
---@param bufnr integer
---@param changes vouchsafe.Change[]
function M.changes(bufnr, changes)
  vim.api.nvim_buf_clear_namespace(bufnr, namespace, 0, -1)
  local last_row = vim.api.nvim_buf_line_count(bufnr) - 1
  local conflicts = {}
  for _, change in ipairs(changes) do
    -- Several changes in one conflict are settled together and shown once.
    local place = ('%d:%d-%d'):format(change.task, change.start_line, change.end_line)
    if change.kind ~= 'text' then
      whole(bufnr, change, last_row)
    elseif change.state ~= 'conflict' or not conflicts[place] then
      conflicts[place] = change.state == 'conflict' or nil
      hunk(bufnr, change, last_row)
    end
  end
end

return M
