-- The start of a review: the list of all open changes and findings, and the first of them.
local changes = require('vouchsafe.changes')
local client_of = require('vouchsafe.client')

local M = {}

---Fills and opens the quickfix list and goes to the first change, of a task if one is named.
---@param task string?
function M.open(task)
  local client = client_of.need(0)
  if not client or client_of.too_old(client, 'review') then
    return
  end
  changes.refresh(function()
    local list = changes.list()
    if #list == 0 and require('vouchsafe.findings').count() == 0 then
      return client_of.notify('no change waits')
    end
    require('vouchsafe.quickfix').fill()
    local window = vim.api.nvim_get_current_win()
    vim.cmd('botright copen')
    vim.api.nvim_set_current_win(window)
    for _, change in ipairs(list) do
      if not task or tostring(change.task) == task then
        return require('vouchsafe.move').to(change)
      end
    end
  end)
end

return M
