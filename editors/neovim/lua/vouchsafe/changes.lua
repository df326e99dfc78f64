-- The open changes of all servers, as last listed; what is drawn follows them.
local events = require('vouchsafe.events')

local M = {}

---@type table<integer, vouchsafe.Change[]>
local by_client = {}
---@type table<string, boolean>
local announced = {}

---@param change vouchsafe.Change
---@return string
local function key(change)
  return ('%d/%d/%d'):format(change.client_id, change.task, change.hunk)
end

---All open changes by document and line; those of one buffer if one is given.
---@param bufnr integer?
---@return vouchsafe.Change[]
function M.list(bufnr)
  local found = {}
  for _, changes in pairs(by_client) do
    for _, change in ipairs(changes) do
      if not bufnr or change.bufnr == bufnr then
        found[#found + 1] = change
      end
    end
  end
  table.sort(found, function(a, b)
    if a.uri ~= b.uri then
      return a.uri < b.uri
    elseif a.start_line ~= b.start_line then
      return a.start_line < b.start_line
    elseif a.task ~= b.task then
      return a.task < b.task
    end
    return a.hunk < b.hunk
  end)
  return found
end

---The buffer that a change is shown in; it may not be loaded.
---@param change vouchsafe.Change
---@return integer
function M.bufnr(change)
  if not vim.api.nvim_buf_is_valid(change.bufnr) then
    change.bufnr = vim.uri_to_bufnr(change.uri)
  end
  return change.bufnr
end

---The changes that stand on some lines of a buffer, both ends included, from 0; in the quickfix window those of the
---entries there.
---@param bufnr integer
---@param first integer
---@param last integer?
---@return vouchsafe.Change[]
function M.at(bufnr, first, last)
  last = last or first
  if vim.bo[bufnr].buftype == 'quickfix' then
    local entry_at = require('vouchsafe.quickfix').entry_at
    return vim.tbl_filter(function(change)
      for row = first, last do
        local entry = entry_at(bufnr, row)
        if entry and entry.task == change.task and entry.hunk == change.hunk then
          return true
        end
      end
      return false
    end, M.list())
  end
  local end_of_text = vim.api.nvim_buf_line_count(bufnr) - 1
  return vim.tbl_filter(function(change)
    local from = math.min(change.start_line, end_of_text)
    local to = math.max(math.min(change.end_line - 1, end_of_text), from)
    return from <= last and first <= to
  end, M.list(bufnr))
end

---@return integer open, integer conflicts
function M.count()
  local open, conflicts = 0, 0
  for _, changes in pairs(by_client) do
    open = open + #changes
    for _, change in ipairs(changes) do
      conflicts = conflicts + (change.state == 'conflict' and 1 or 0)
    end
  end
  return open, conflicts
end

---Draws the changes of a buffer.
---@param bufnr integer
function M.draw(bufnr)
  if vim.api.nvim_buf_is_loaded(bufnr) and vim.bo[bufnr].buftype == '' then
    require('vouchsafe.draw').changes(bufnr, M.list(bufnr))
    require('vouchsafe.blame').follow(bufnr)
  end
end

local function draw_all()
  for _, bufnr in ipairs(vim.api.nvim_list_bufs()) do
    M.draw(bufnr)
  end
  require('vouchsafe.quickfix').follow()
end

---@param client vim.lsp.Client
---@param listed vouchsafe.Change[]
local function take(client, listed)
  local before, now = {}, {}
  for _, change in ipairs(by_client[client.id] or {}) do
    before[key(change)] = change
  end
  for _, change in ipairs(listed) do
    change.client_id, change.bufnr = client.id, vim.uri_to_bufnr(change.uri)
    now[key(change)] = change
  end
  by_client[client.id] = listed
  draw_all()
  local fresh = {}
  for name, change in pairs(now) do
    if not before[name] then
      fresh[change.task] = (fresh[change.task] or 0) + 1
    end
  end
  for task, count in pairs(fresh) do
    local name = client.id .. '/' .. task
    if not announced[name] then
      announced[name] = true
      events.fire('Proposal', { task = task, changes = count })
    end
  end
  for name, change in pairs(before) do
    if not now[name] then
      require('vouchsafe.decide').gone(change)
    end
  end
end

local listing = require('vouchsafe.listing').new('review', take)

---Tells who listens how the review stands now.
local function tell()
  require('vouchsafe.quickfix').follow()
  local open, conflicts = M.count()
  local findings = require('vouchsafe.findings').count()
  events.fire('ReviewChanged', { open = open, conflicts = conflicts, findings = findings })
  vim.cmd.redrawstatus()
end

---Drops what is known of servers that have ended.
local function forget()
  local forgotten = false
  for id in pairs(by_client) do
    local client = vim.lsp.get_client_by_id(id)
    if not client or client:is_stopped() then
      by_client[id] = nil
      listing:forget(id)
      require('vouchsafe.findings').forget(id)
      forgotten = true
    end
  end
  if forgotten then
    draw_all()
  end
end

---Asks every server for its open changes and its findings, draws them, and tells `done`.
---@param done fun()?
function M.refresh(done)
  forget()
  local left = 1
  local function one_less()
    left = left - 1
    if left == 0 then
      tell()
      if done then
        done()
      end
    end
  end
  for _, client in ipairs(vim.lsp.get_clients({ name = 'vouchsafe' })) do
    left = left + 2
    listing:ask(client, one_less)
    require('vouchsafe.findings').listing:ask(client, one_less)
  end
  one_less()
end

return M
