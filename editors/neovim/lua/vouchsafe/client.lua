-- Finding the server of a buffer, and asking it.
local M = {}

---@param text string
---@param level integer?
function M.notify(text, level)
  vim.notify('Vouchsafe: ' .. text, level or vim.log.levels.INFO)
end

---@param bufnr integer?
---@return vim.lsp.Client?
function M.of(bufnr)
  local here = vim.lsp.get_clients({ name = 'vouchsafe', bufnr = bufnr or 0 })
  return here[1] or vim.lsp.get_clients({ name = 'vouchsafe' })[1]
end

---The server of a buffer; without one the user is told what to do.
---@param bufnr integer?
---@return vim.lsp.Client?
function M.need(bufnr)
  local client = M.of(bufnr)
  if client then
    require('vouchsafe').attach(client)
    return client
  end
  local server = require('vouchsafe.config').server()
  if vim.fn.executable(server) ~= 1 then
    return M.notify(
      ("there is no program '%s': see :checkhealth vouchsafe"):format(server),
      vim.log.levels.ERROR
    )
  end
  local text = vim.lsp.is_enabled('vouchsafe')
      and 'no server for this file: it needs a name, a file type and a project around it (see :checkhealth vouchsafe)'
    or "the server is not enabled: add vim.lsp.enable('vouchsafe') to your configuration"
  M.notify(text, vim.log.levels.ERROR)
end

---An answer without nulls, which Neovim 0.12 hands on as `vim.NIL` and 0.11 leaves out.
---@param value any
---@return any
local function plain(value)
  if value == vim.NIL then
    return nil
  elseif type(value) ~= 'table' then
    return value
  end
  local kept = {}
  for key, one in pairs(value) do
    kept[key] = plain(one)
  end
  return kept
end

---Runs a command of the server. What it refuses is shown to the user.
---@param client vim.lsp.Client
---@param command string Without `vouchsafe.`
---@param argument table?
---@param done fun(result: any)?
---@param failed fun()?
function M.execute(client, command, argument, done, failed)
  local params = { command = 'vouchsafe.' .. command, arguments = { argument or vim.empty_dict() } }
  client:request('workspace/executeCommand', params, function(failure, result)
    if failure then
      M.notify(failure.message, vim.log.levels.WARN)
      if failed then
        failed()
      end
    elseif done then
      done(plain(result))
    end
  end)
end

---Whether the server knows a command: an older one may not.
---@param client vim.lsp.Client
---@param command string
---@return boolean
function M.knows(client, command)
  local provider = client.server_capabilities and client.server_capabilities.executeCommandProvider
  return provider ~= nil and vim.list_contains(provider.commands or {}, 'vouchsafe.' .. command)
end

---Whether the server lacks a command that the user asked for, who is told.
---@param client vim.lsp.Client
---@param command string
---@return boolean
function M.too_old(client, command)
  if M.knows(client, command) then
    return false
  end
  M.notify('this server is too old for that: update it', vim.log.levels.ERROR)
  return true
end

---Hands on the only one, or the one that the user picks.
---@generic T
---@param list T[]
---@param prompt string
---@param in_words fun(one: T): string
---@param take fun(one: T)
function M.pick(list, prompt, in_words, take)
  if #list == 1 then
    return take(list[1])
  end
  vim.ui.select(list, { prompt = prompt, format_item = in_words }, function(one)
    if one then
      take(one)
    end
  end)
end

return M
