-- The settings in `vim.g.vouchsafe`, over the defaults.
local M = {}

---@type vouchsafe.Config
local defaults = {
  server = 'vouchsafe',
  blame = { 'sign', 'text' },
  preview_lines = 12,
  ask = false,
}

---@return vouchsafe.Config
function M.get()
  local settings = vim.tbl_extend('force', defaults, vim.g.vouchsafe or {})
  ---@cast settings vouchsafe.Config
  return settings
end

---The server's program: what the client is configured to start, else the setting.
---@return string
function M.server()
  local all = vim.lsp.config --[[@as table<string, vim.lsp.Config?>]]
  local configured = all.vouchsafe
  local command = configured and configured.cmd
  return type(command) == 'table' and command[1] or M.get().server
end

return M
