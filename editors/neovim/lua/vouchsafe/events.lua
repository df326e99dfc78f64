-- `User` autocommand events, for configurations that want to react.
local M = {}

---@param name 'TaskStarted'|'TaskProgress'|'TaskEnded'|'Proposal'|'Finding'|'Accepted'|'Rejected'|'ReviewChanged'
---@param data table
function M.fire(name, data)
  vim.api.nvim_exec_autocmds('User', { pattern = 'Vouchsafe' .. name, modeline = false, data = data })
end

return M
