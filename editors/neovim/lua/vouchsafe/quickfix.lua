-- All open changes as a quickfix list that follows the review.
local changes = require('vouchsafe.changes')

local M = {}

---@type integer?
local id

---@param change vouchsafe.Change
---@return vim.quickfix.entry
local function entry(change)
  local last_cite = change.cites[#change.cites]
  local cited = last_cite and (' [%d: %s → %s]'):format(last_cite.step, last_cite.command, last_cite.exit)
    or ''
  local conflict = change.state == 'conflict' and 'in conflict: ' or ''
  return {
    bufnr = changes.bufnr(change),
    lnum = change.start_line + 1,
    end_lnum = math.max(change.end_line, change.start_line + 1),
    col = 1,
    type = change.state == 'conflict' and 'W' or 'I',
    text = ('%d.%d %s%s: %s%s'):format(change.task, change.hunk, conflict, change.title, change.what, cited),
    user_data = { task = change.task, hunk = change.hunk },
  }
end

---@return vim.quickfix.entry[]
local function entries()
  return vim.tbl_map(entry, changes.list())
end

---Makes the list anew.
function M.fill()
  vim.fn.setqflist({}, ' ', { title = 'Vouchsafe: open changes', items = entries() })
  id = vim.fn.getqflist({ id = 0 }).id
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

return M
