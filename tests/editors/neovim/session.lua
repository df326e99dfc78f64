-- One session in a real Neovim with nothing but its own LSP client: `nvim --clean --headless -l session.lua`.
--
-- Driven by main.rs, which sets VOUCHSAFE_TEST_SERVER (a JSON list: the command) and VOUCHSAFE_TEST_FILE, and reads
-- what is printed: `== stage`, then what the user would see. Any error ends it with a code that is not 0.

local patience_ms = 40000
local file = assert(os.getenv('VOUCHSAFE_TEST_FILE'), 'run me through the test')
local command = vim.json.decode(assert(os.getenv('VOUCHSAFE_TEST_SERVER')))

local function stage(name, lines)
  io.stdout:write('== ' .. name .. '\n')
  for _, line in ipairs(lines or {}) do
    io.stdout:write(line .. '\n')
  end
end

-- Waits for a condition, serving events meanwhile.
local function wait(what, done)
  if not vim.wait(patience_ms, done, 10) then
    error('waited ' .. patience_ms .. ' ms for ' .. what)
  end
end

local buffer
local function text()
  return vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
end

-- The menu of code actions, as `vim.lsp.buf.code_action` shows it; `pick` chooses by a part of the title.
local function menu(line, pick)
  vim.api.nvim_set_current_buf(buffer)
  vim.api.nvim_win_set_cursor(0, { line, 0 })
  local titles, chosen
  local real = vim.ui.select
  vim.ui.select = function(items, options, choose)
    titles = vim.tbl_map(options.format_item or tostring, items)
    for index, title in ipairs(titles) do
      if pick and title:find(pick, 1, true) then
        chosen = title
        return choose(items[index], index)
      end
    end
    choose(nil)
  end
  vim.lsp.buf.code_action()
  wait('the menu on line ' .. line, function()
    return titles ~= nil
  end)
  vim.ui.select = real
  assert(not pick or chosen, 'no action ' .. tostring(pick) .. ' among: ' .. table.concat(titles, ' | '))
  return titles
end

local function proposed()
  return vim.tbl_filter(function(one)
    return one.code == 'proposed-change'
  end, vim.diagnostic.get(buffer))
end

local progress = {}
vim.api.nvim_create_autocmd('LspProgress', {
  callback = function(event)
    local value = event.data.params.value
    table.insert(progress, value.kind .. ': ' .. (value.message or value.title or ''))
  end,
})
-- Questions at the end of a task are dismissed; the proposals stay on their lines.
vim.ui.select = function(_, _, choose)
  choose(nil)
end

vim.lsp.config('vouchsafe', { cmd = command, filetypes = { 'text' }, root_dir = vim.fs.dirname(file) })
vim.lsp.enable('vouchsafe')
vim.cmd.edit(file)
vim.bo.filetype = 'text'
buffer = vim.api.nvim_get_current_buf()
wait('the server', function()
  local client = vim.lsp.get_clients({ bufnr = buffer })[1]
  return client and client.initialized
end)

stage('actions', menu(1))
menu(1, 'Shout')
wait('the proposal', function()
  return #proposed() == 2
end)
wait('the end of the task', function()
  return (progress[#progress] or ''):find('^end')
end)
stage('progress', progress)
stage(
  'diagnostics',
  vim.tbl_map(function(one)
    return ('%d %s %s: %s'):format(
      one.lnum + 1,
      vim.diagnostic.severity[one.severity],
      one.source,
      one.message
    )
  end, proposed())
)
stage('before', text())

menu(6, 'Accept this change')
wait('the accepted change', function()
  return text()[6] == 'WORLD'
end)
wait('one proposal to go', function()
  return #proposed() == 1
end)
stage('accepted', text())
stage('modified ' .. tostring(vim.bo[buffer].modified))

vim.api.nvim_win_set_cursor(0, { 6, 0 })
local source = vim.api.nvim_get_current_win()
vim.lsp.buf.hover()
local float
wait('the hover', function()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if window ~= source and vim.api.nvim_win_get_config(window).relative ~= '' then
      float = window
    end
  end
  return float
end)
stage('hover', vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(float), 0, -1, false))
vim.api.nvim_win_close(float, true)

vim.cmd('silent undo')
stage('undone', text())

menu(1, 'Show evidence')
wait('the record', function()
  return vim.api.nvim_buf_get_name(0):find('record%.md$')
end)
stage('record ' .. vim.api.nvim_buf_get_name(0), vim.api.nvim_buf_get_lines(0, 0, -1, false))

local client = vim.lsp.get_clients({ bufnr = buffer })[1]
client:stop()
wait('the server to end', function()
  return client:is_stopped()
end)
stage('done')
vim.cmd('qall!')
