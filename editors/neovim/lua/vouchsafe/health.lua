-- :checkhealth vouchsafe
local config = require('vouchsafe.config')

local M = {}

---@param arguments string[]
---@return vim.SystemCompleted?
local function server(arguments)
  local command = vim.list_extend({ config.server() }, arguments)
  local started, process = pcall(vim.system, command, { text = true, env = { NO_COLOR = '1' } })
  return started and process:wait(20000) or nil
end

---@return boolean
local function found()
  local name = config.server()
  local path = vim.fn.exepath(name)
  if path == '' then
    vim.health.error(("there is no program '%s'"):format(name), {
      'install the server, and see that its directory is in PATH',
      "or name it: vim.g.vouchsafe = { server = '/path/to/vouchsafe' }",
    })
    return false
  end
  local version = server({ '--version' })
  if not version or version.code ~= 0 then
    vim.health.error(('%s does not start: %s'):format(path, version and vim.trim(version.stderr or '') or ''))
    return false
  end
  vim.health.ok(('%s: %s'):format(vim.trim(version.stdout or ''), path))
  return true
end

local function doctor()
  local ended = server({ 'doctor', '--json' })
  local read, report = pcall(vim.json.decode, ended and ended.stdout or '')
  if not ended or not read or type(report) ~= 'table' then
    vim.health.error(
      '`vouchsafe doctor` gave no report' .. (ended and ': ' .. vim.trim(ended.stderr or '') or '')
    )
    return
  end
  local confinement = report.confinement or {}
  if confinement.refused then
    vim.health.error('tasks are refused here: ' .. confinement.refused)
  else
    local kernel = ('kernel %s, Landlock ABI %s'):format(confinement.kernel, confinement.landlock_abi)
    vim.health.ok(('tasks are confined: %s'):format(kernel))
    for _, layer in ipairs(confinement.layers or {}) do
      if layer.state ~= 'on' then
        local why = type(layer.state) == 'table' and layer.state.off or 'off'
        vim.health.warn(('%s: %s'):format(layer.name, why))
      end
    end
  end
  if type(report.record_problem) == 'string' then
    vim.health.error('record: ' .. report.record_problem)
  else
    vim.health.ok('record: ' .. tostring(report.record))
  end
  vim.health.info('recipes that fit here: ' .. table.concat(report.recipes or {}, ', '))
end

local function client()
  if not vim.lsp.is_enabled('vouchsafe') then
    vim.health.warn('the server is not enabled', { "add to your configuration: vim.lsp.enable('vouchsafe')" })
  end
  local clients = vim.lsp.get_clients({ name = 'vouchsafe' })
  for _, one in ipairs(clients) do
    local open = #vim.tbl_keys(one.attached_buffers)
    vim.health.ok(('runs for %s, %d buffer(s)'):format(one.root_dir or 'no directory', open))
    if not require('vouchsafe.client').knows(one, 'review') then
      vim.health.warn('this server is older than the plug-in: it cannot list changes, so none are drawn')
    end
  end
  if #clients == 0 then
    vim.health.info('no server runs: one starts with the first file of a project')
  end
end

function M.check()
  vim.health.start('Vouchsafe: Neovim')
  if vim.fn.has('nvim-0.11') == 1 then
    vim.health.ok('Neovim ' .. vim.fn.matchstr(vim.fn.execute('version'), [[NVIM v\zs\S*]]))
  else
    vim.health.error('Neovim 0.11 or newer is needed')
    return
  end
  client()
  vim.health.start('Vouchsafe: server')
  if found() then
    doctor()
  end
end

return M
