-- `vouchsafe doctor` in a buffer: what this machine enforces, and which recipes fit.
local client_of = require('vouchsafe.client')
local config = require('vouchsafe.config')

local M = {}

---@param output string
local function show(output)
  local bufnr = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, vim.split(vim.trim(output), '\n'))
  vim.bo[bufnr].modifiable = false
  vim.bo[bufnr].bufhidden = 'wipe'
  vim.cmd({ cmd = 'split', mods = { split = 'belowright' } })
  vim.api.nvim_win_set_buf(0, bufnr)
end

function M.run()
  local server = config.server()
  if vim.fn.executable(server) ~= 1 then
    return client_of.notify(
      ("there is no program '%s': see :checkhealth vouchsafe"):format(server),
      vim.log.levels.ERROR
    )
  end
  local client = client_of.of(0)
  local where = client and client.root_dir or vim.fn.getcwd()
  vim.system({ server, 'doctor' }, { text = true, cwd = where, env = { NO_COLOR = '1' } }, function(ended)
    vim.schedule(function()
      show((ended.stdout or '') .. (ended.stderr or ''))
    end)
  end)
end

return M
