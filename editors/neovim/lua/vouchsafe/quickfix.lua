-- All open changes and findings as a quickfix list that follows the review, and all claims as one that does not.
local changes = require('vouchsafe.changes')
local findings = require('vouchsafe.findings')

local M = {}

---@type integer?
local id

---@param change vouchsafe.Change
---@return vim.quickfix.entry
local function of_change(change)
  local last_cite = change.cites[#change.cites]
  local cited = ''
  if last_cite then
    cited = (' [%d: %s%s]'):format(
      last_cite.step,
      last_cite.command,
      last_cite.exit and ' → ' .. last_cite.exit or ''
    )
  end
  local conflict = change.state == 'conflict' and 'in conflict: ' or ''
  return {
    bufnr = changes.bufnr(change),
    lnum = change.start_line + 1,
    end_lnum = math.max(change.end_line, change.start_line + 1),
    col = 1,
    type = change.state == 'conflict' and 'W' or 'I',
    text = ('%d.%d %s%s: %s%s'):format(change.task, change.hunk, conflict, change.title, change.what, cited),
    user_data = { vouchsafe = { task = change.task, hunk = change.hunk } },
  }
end

local types = { error = 'E', warning = 'W' }

---@param finding vouchsafe.Finding
---@return vim.quickfix.entry
local function of_finding(finding)
  return {
    bufnr = finding.bufnr,
    lnum = finding.start_line + 1,
    end_lnum = math.max(finding.end_line, finding.start_line + 1),
    col = 1,
    type = types[finding.severity] or 'I',
    text = findings.in_words(finding),
    user_data = { vouchsafe = { task = finding.task, note = finding.note } },
  }
end

---@return vim.quickfix.entry[]
local function entries()
  local items = vim.tbl_map(of_change, changes.list())
  vim.list_extend(items, vim.tbl_map(of_finding, findings.list()))
  local name = vim.api.nvim_buf_get_name
  table.sort(items, function(a, b)
    if a.bufnr ~= b.bufnr then
      return name(a.bufnr) < name(b.bufnr)
    elseif a.lnum ~= b.lnum then
      return a.lnum < b.lnum
    end
    return a.text < b.text
  end)
  return items
end

---Makes the list anew.
function M.fill()
  vim.fn.setqflist({}, ' ', { title = 'Vouchsafe: open changes and findings', items = entries() })
  id = vim.fn.getqflist({ id = 0 }).id
end

---Makes and opens a list of claims and findings.
---@param list vouchsafe.Finding[]
function M.claims(list)
  local title = 'Vouchsafe: claims and findings'
  vim.fn.setqflist({}, ' ', { title = title, items = vim.tbl_map(of_finding, list) })
  vim.cmd('botright copen')
end

---Brings the list up to date, if it was made and is still there.
function M.follow()
  local known = id and vim.fn.getqflist({ id = id, idx = 0 }) or {}
  if not id or known.id ~= id then
    id = nil
    return
  end
  local items = entries()
  local idx = math.max(math.min(known.idx, #items), 1)
  vim.fn.setqflist({}, 'r', { id = id, items = items, idx = #items > 0 and idx or nil })
end

---What the entry at a line of the quickfix window is about, from 0; `nil` in other windows and for other entries.
---@param bufnr integer
---@param row integer
---@return { task: integer, hunk: integer?, note: integer? }?
function M.entry_at(bufnr, row)
  if vim.bo[bufnr].buftype ~= 'quickfix' then
    return nil
  end
  local entry = vim.fn.getqflist()[row + 1]
  return entry and type(entry.user_data) == 'table' and entry.user_data.vouchsafe or nil
end

return M
