-- How Neovim's own client starts the Vouchsafe server: `vim.lsp.enable('vouchsafe')`, Neovim 0.11 or newer.
--
-- This file works alone. Where the rest of the plug-in is installed too, it is told of the server when that starts.

---@return string
local function program()
  return (vim.g.vouchsafe or {}).server or 'vouchsafe'
end

-- The nearest of the first kind decides, so that a crate inside a repository belongs to the repository.
local markers = {
  { '.vouchsafe.toml' },
  { '.git', '.jj', '.hg' },
  { 'Cargo.toml', 'package.json', 'pyproject.toml', 'go.mod' },
}

local told = false

---@return boolean
local function is_there()
  if vim.fn.executable(program()) == 1 then
    return true
  end
  if not told then
    told = true
    local text = "Vouchsafe: there is no program '%s'. Install the server, or name it: "
      .. "vim.g.vouchsafe = { server = '/path/to/vouchsafe' }"
    vim.notify(text:format(program()), vim.log.levels.ERROR)
  end
  return false
end

---@type vim.lsp.Config
return {
  -- A function, because a list that names no program is passed over without a word.
  cmd = function(dispatchers)
    return vim.lsp.rpc.start({ program(), 'serve' }, dispatchers)
  end,
  -- No file types: a task may be wanted in any file. A file without a project has nothing to copy: no server.
  root_dir = function(bufnr, on_dir)
    for _, kind in ipairs(markers) do
      local root = vim.fs.root(bufnr, kind)
      if root then
        if type(vim.lsp.config['vouchsafe'].cmd) == 'table' or is_there() then
          on_dir(root)
        end
        return
      end
    end
  end,
  on_init = function(client)
    local found, plugin = pcall(require, 'vouchsafe')
    if found then
      plugin.attach(client)
    end
  end,
}
