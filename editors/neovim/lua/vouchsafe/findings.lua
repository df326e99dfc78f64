-- Claims and other findings of all servers, as last listed: checked, dismissed, shown where they rest.
local client_of = require('vouchsafe.client')
local events = require('vouchsafe.events')

local M = {}

---@type table<integer, vouchsafe.Finding[]>
local by_client = {}

---@param finding vouchsafe.Finding
---@return string
local function key(finding)
  return ('%d/%d/%s'):format(finding.task, finding.note, finding.code)
end

---Answers to questions are listed with the findings, and shown as answers.
---@param finding vouchsafe.Finding
---@return boolean
local function is_shown(finding)
  return finding.uri ~= nil and (finding.severity ~= nil or finding.claim ~= nil)
end

---@param client vim.lsp.Client
---@param listed vouchsafe.Finding[]
local function take(client, listed)
  local before = {}
  for _, finding in ipairs(by_client[client.id] or {}) do
    before[key(finding)] = true
  end
  by_client[client.id] = vim.tbl_filter(is_shown, listed)
  for _, finding in ipairs(by_client[client.id]) do
    finding.client_id, finding.bufnr = client.id, vim.uri_to_bufnr(finding.uri)
    if not before[key(finding)] then
      events.fire('Finding', {
        task = finding.task,
        note = finding.note,
        code = finding.code,
        severity = finding.severity,
        message = finding.message,
      })
    end
  end
end

M.listing = require('vouchsafe.listing').new('findings', take)

---What a server found is forgotten with it.
---@param id integer
function M.forget(id)
  by_client[id] = nil
  M.listing:forget(id)
end

---@param finding vouchsafe.Finding
---@return boolean
function M.is_diagnostic(finding)
  return finding.severity ~= nil
end

---All findings by document and line; without `fits` those that are diagnostics.
---@param fits (fun(finding: vouchsafe.Finding): boolean)?
---@return vouchsafe.Finding[]
function M.list(fits)
  local found = {}
  for _, findings in pairs(by_client) do
    vim.list_extend(found, vim.tbl_filter(fits or M.is_diagnostic, findings))
  end
  table.sort(found, function(a, b)
    if a.uri ~= b.uri then
      return a.uri < b.uri
    elseif a.start_line ~= b.start_line then
      return a.start_line < b.start_line
    elseif a.task ~= b.task then
      return a.task < b.task
    end
    return a.note < b.note
  end)
  return found
end

---How many are diagnostics.
---@return integer
function M.count()
  local count = 0
  for _, findings in pairs(by_client) do
    count = count + #vim.tbl_filter(M.is_diagnostic, findings)
  end
  return count
end

---The findings at a line of a buffer, from 0; in the quickfix window the one of the entry there.
---@param bufnr integer
---@param row integer
---@param fits (fun(finding: vouchsafe.Finding): boolean)?
---@return vouchsafe.Finding[]
function M.at(bufnr, row, fits)
  local entry = require('vouchsafe.quickfix').entry_at(bufnr, row)
  local last = vim.api.nvim_buf_line_count(bufnr) - 1
  return vim.tbl_filter(function(finding)
    if entry then
      return entry.task == finding.task and entry.note == finding.note
    end
    local first = math.min(finding.start_line, last)
    return finding.bufnr == bufnr and first <= row and row < math.max(finding.end_line, first + 1)
  end, M.list(fits))
end

---Tells the server about the finding at the cursor; of several the user picks one.
---@param command 'checkClaim'|'dismissFinding'
---@param fits fun(finding: vouchsafe.Finding): boolean
---@param none string What is said when there is none
local function tell(command, fits, none)
  local client = client_of.need(0)
  if not client or client_of.too_old(client, command) then
    return
  end
  -- What the user sees may be newer than what was listed.
  require('vouchsafe.changes').refresh(function()
    local here = M.at(vim.api.nvim_get_current_buf(), vim.fn.line('.') - 1, fits)
    if #here == 0 then
      return client_of.notify(none, vim.log.levels.WARN)
    end
    client_of.pick(here, 'Vouchsafe', M.in_words, function(finding)
      local owner = vim.lsp.get_client_by_id(finding.client_id)
      if owner then
        client_of.execute(owner, command, { task = finding.task, note = finding.note })
      end
    end)
  end)
end

---One line.
---@param finding vouchsafe.Finding
---@return string
function M.in_words(finding)
  return ('%d %s'):format(finding.task, (finding.message:gsub('%s*\n%s*', ' ')))
end

---Checks the claim at the cursor now: a task of its own.
function M.check()
  tell('checkClaim', function(finding)
    return M.is_diagnostic(finding) and finding.checkable
  end, 'there is no claim here that a command could check: :Vouchsafe claims lists all')
end

---Takes the finding at the cursor away; the record keeps it.
function M.dismiss()
  tell('dismissFinding', M.is_diagnostic, 'there is no finding here: :Vouchsafe claims lists all')
end

---Opens the record where a finding rests.
---@param finding vouchsafe.Finding
function M.show(finding)
  local place = finding.rests_on[1]
  if place then
    return require('vouchsafe.evidence').open(place.record, place.line)
  end
  local client = vim.lsp.get_client_by_id(finding.client_id)
  if client then
    client_of.execute(client, 'showFinding', { task = finding.task, note = finding.note })
  end
end

---*Show evidence* of a finding, chosen in the menu of code actions.
---@param client vim.lsp.Client
---@param which { task: integer, note: integer }
function M.from_menu(client, which)
  for _, finding in ipairs(by_client[client.id] or {}) do
    if finding.task == which.task and finding.note == which.note then
      return M.show(finding)
    end
  end
  client_of.execute(client, 'showFinding', which)
end

---All claims and findings, verified ones too, as a quickfix list; of one task if one is named.
---@param task string?
function M.open(task)
  local client = client_of.need(0)
  if not client or client_of.too_old(client, 'findings') then
    return
  end
  require('vouchsafe.changes').refresh(function()
    local list = M.list(function(finding)
      return not task or tostring(finding.task) == task
    end)
    if #list == 0 then
      return client_of.notify('no task claims or has found anything')
    end
    require('vouchsafe.quickfix').claims(list)
  end)
end

return M
