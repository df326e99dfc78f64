-- One session in a real Neovim with the plug-in: `nvim --headless --cmd 'set rtp^=editors/neovim' -S plugin.lua`.
--
-- Driven by plugin.rs, which sets VOUCHSAFE_TEST_SERVER (the program) and VOUCHSAFE_TEST_FILE (a.txt of the workspace)
-- and reads what is printed: `== stage`, then what the user would see. Any error ends it with a code that is not 0.

local file = assert(os.getenv('VOUCHSAFE_TEST_FILE'), 'run me through the test')
local driver = dofile(vim.fs.joinpath(vim.fs.dirname(vim.fn.expand('<sfile>:p')), 'driver.lua'))
local stage, wait, marks, count = driver.stage, driver.wait, driver.marks, driver.count
local directory = vim.fs.dirname(file)

local function text(path)
  local bufnr = vim.fn.bufnr(directory .. '/' .. path)
  return vim.api.nvim_buf_get_lines(bufnr, 0, -1, false)
end

local function drawn()
  return marks('vouchsafe.changes')
end

local function screen()
  vim.cmd.redraw()
  local rows = {}
  for row = 1, vim.o.lines do
    local cells = {}
    for column = 1, vim.o.columns do
      cells[column] = vim.fn.screenstring(row, column)
    end
    rows[row] = (table.concat(cells):gsub('%s+$', ''))
  end
  return rows
end

local changes
local function open()
  return (changes.count())
end

local function run(task, ends)
  vim.cmd('Vouchsafe task ' .. task)
  wait('the proposal of ' .. task, function()
    return count('VouchsafeProposal') == ends
  end)
  wait('the end of ' .. task, function()
    return count('VouchsafeTaskEnded') == ends
  end)
  -- Their signs are on the screen too.
  wait('the diagnostics of ' .. task, function()
    return #vim.diagnostic.get(nil) == open()
  end)
end

local function beginning()
  stage(
    'loaded before use',
    vim.tbl_filter(function(name)
      return vim.startswith(name, 'vouchsafe')
    end, vim.tbl_keys(package.loaded))
  )
  driver.start(file)
  changes = require('vouchsafe.changes')
  stage('subcommands', vim.fn.getcompletion('Vouchsafe ', 'cmdline'))
  stage('recipes', vim.fn.getcompletion('Vouchsafe task ', 'cmdline'))
end

local function review()
  run('shout', 1)
  stage('drawn', drawn())
  stage('screen', screen())
  stage('status', { require('vouchsafe').statusline() })
  vim.cmd('6')
  vim.cmd('Vouchsafe review')
  wait('the list', function()
    return #vim.fn.getqflist() == 2
  end)
  stage(
    'list',
    vim.tbl_map(function(entry)
      return ('%d %s %s'):format(entry.lnum, entry.type, entry.text)
    end, vim.fn.getqflist())
  )
  local lines = { vim.fn.line('.') }
  for _, step in ipairs({ 'next', 'next', 'prev' }) do
    vim.cmd('Vouchsafe ' .. step)
    table.insert(lines, vim.fn.line('.'))
  end
  stage('steps', { table.concat(lines, ' ') })
end

local function decide()
  vim.wo.foldmethod = 'manual'
  vim.cmd('3,4fold')
  vim.api.nvim_buf_set_mark(0, 'a', 5, 0, {})
  vim.cmd('6Vouchsafe accept')
  wait('the accepted change', function()
    return open() == 1
  end)
  stage('accepted', text('a.txt'))
  stage(
    'kept',
    { ('fold %d mark %d modified %s'):format(vim.fn.foldclosed(3), vim.fn.line("'a"), vim.bo.modified) }
  )
  stage('list after', { tostring(#vim.fn.getqflist()) })
  vim.cmd('Vouchsafe blame')
  wait('the blame', function()
    return #marks('vouchsafe.blame') > 0
  end)
  stage('blame', marks('vouchsafe.blame'))
  vim.cmd('silent undo')
  wait('the change to wait again', function()
    return open() == 2 and #marks('vouchsafe.blame') == 0
  end)
  stage('undone', text('a.txt'))
  vim.cmd('silent redo')
  wait('the change to be accepted again', function()
    return open() == 1 and #marks('vouchsafe.blame') > 0
  end)
  vim.cmd('Vouchsafe blame')
  stage('blame hidden', marks('vouchsafe.blame'))
  vim.cmd('1Vouchsafe reject')
  wait('the rejected change', function()
    return open() == 0
  end)
  stage('rejected', text('a.txt'))
  stage('drawn after', drawn())
end

local function evidence()
  local window = vim.api.nvim_get_current_win()
  vim.cmd('6')
  vim.cmd('Vouchsafe evidence')
  wait('the record', function()
    return vim.api.nvim_buf_get_name(0):find('record%.md$')
  end)
  local heading = vim.fn.getline('.')
  local folded = {}
  for line = 1, vim.fn.line('$') do
    if vim.fn.foldclosed(line) == line then
      table.insert(folded, vim.fn.getline(line))
    end
  end
  stage('record at', { heading, ('readonly %s modifiable %s'):format(vim.bo.readonly, vim.bo.modifiable) })
  stage('record folded', folded)
  vim.api.nvim_win_close(0, true)
  vim.api.nvim_set_current_win(window)
end

local function files()
  vim.cmd.edit(directory .. '/b.txt')
  wait('the server in b.txt', function()
    return #vim.lsp.get_clients({ bufnr = 0, name = 'vouchsafe' }) == 1
  end)
  run('more', 2)
  stage('drawn more', drawn())
  stage('screen more', screen())
  vim.cmd('1')
  vim.cmd('Vouchsafe compare')
  stage('compared', vim.api.nvim_buf_get_lines(vim.fn.winbufnr(2), 0, -1, false))
  stage('compared in', { ('%d windows, diff %s'):format(vim.fn.winnr('$'), vim.wo.diff) })
  vim.cmd.tabclose()
  vim.cmd('Vouchsafe accept all')
  wait('all to be accepted', function()
    return open() == 0
  end)
  stage('accepted more', text('b.txt'))
  stage('new file', text('new.txt'))
end

local function move()
  vim.cmd.buffer(vim.fn.bufnr(file))
  run('move', 3)
  local found = {}
  for _, bufnr in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_get_name(bufnr):find('%.txt$') then
      vim.fn.bufload(bufnr)
      vim.cmd.buffer(bufnr)
      vim.list_extend(found, drawn())
    end
  end
  stage('drawn move', found)
  vim.cmd('Vouchsafe accept all')
  wait('the files to be moved', function()
    return open() == 0
  end)
end

local function conflict()
  vim.cmd.buffer(vim.fn.bufnr(file))
  run('shout', 4)
  vim.api.nvim_buf_set_lines(0, 0, 1, false, { 'hello, you' })
  wait('the conflict', function()
    return select(2, changes.count()) == 1
  end)
  stage('drawn conflict', drawn())
  stage(
    'list conflict',
    vim.tbl_map(function(entry)
      return entry.type .. ' ' .. entry.text
    end, vim.fn.getqflist())
  )
  -- The menu of code actions does the same, with the plug-in's own window for the record.
  local window = vim.api.nvim_get_current_win()
  vim.cmd('1')
  driver.wanted = { 'Show evidence' }
  vim.lsp.buf.code_action()
  wait('the record from the menu', function()
    return vim.api.nvim_buf_get_name(0):find('record%.md$')
  end)
  stage(
    'record from the menu',
    { ('readonly %s beside the text %s'):format(vim.bo.readonly, vim.fn.winnr('$') > 1) }
  )
  vim.api.nvim_win_close(0, true)
  vim.api.nvim_set_current_win(window)
  driver.wanted = { 'Take theirs' }
  vim.lsp.buf.code_action()
  wait('the conflict to be settled', function()
    return open() == 0
  end)
  stage('settled', text('a.txt'))
end

local function tasks()
  vim.cmd('Vouchsafe task slow')
  wait('the slow task', function()
    return count('VouchsafeTaskStarted') == 5
  end)
  stage('status slow', { require('vouchsafe').statusline() })
  vim.cmd('Vouchsafe cancel')
  wait('the cancelled task', function()
    return count('VouchsafeTaskEnded') == 5
  end)
  driver.menus, driver.wanted = {}, { 'More', 'record' }
  vim.cmd('Vouchsafe tasks')
  wait('the record of a task', function()
    return vim.api.nvim_buf_get_name(0):find('record%.md$')
  end)
  vim.api.nvim_win_close(0, true)
  stage('menus', driver.menus)
end

local function health()
  vim.cmd('checkhealth vouchsafe')
  stage('health', vim.api.nvim_buf_get_lines(0, 0, -1, false))
  vim.cmd.close()
  vim.cmd('Vouchsafe doctor')
  wait('the doctor', function()
    return vim.fn.getline(1):find('confine')
  end)
  stage('doctor', vim.api.nvim_buf_get_lines(0, 0, -1, false))
  vim.cmd.close()
  vim.cmd('Vouchsafe nonsense')
end

local function ending()
  vim.cmd.buffer(vim.fn.bufnr(file))
  vim.cmd('silent undo')
  wait('a change to draw', function()
    return #drawn() > 0
  end)
  local client = vim.lsp.get_clients({ name = 'vouchsafe' })[1]
  client:stop()
  wait('the server to end', function()
    return client:is_stopped()
  end)
  wait('the drawing to go', function()
    return #drawn() == 0
  end)
  stage(
    'events',
    vim.tbl_filter(function(event)
      return not vim.startswith(event, 'VouchsafeTaskProgress') and event ~= 'VouchsafeReviewChanged'
    end, driver.events)
  )
  stage('messages', driver.messages)
  stage('done')
end

driver.play({ beginning, review, decide, evidence, files, move, conflict, tasks, health, ending })
