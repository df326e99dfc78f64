-- Tasks for a model, and claims, in a real Neovim with the plug-in. Driven by model.rs as plugin.lua by plugin.rs; the
-- model is scripted there, turn by turn, so the order of the tasks here is the order of its turns.

local file = assert(os.getenv('VOUCHSAFE_TEST_FILE'), 'run me through the test')
local driver = dofile(vim.fs.joinpath(vim.fs.dirname(vim.fn.expand('<sfile>:p')), 'driver.lua'))
local stage, wait, count = driver.stage, driver.wait, driver.count
local directory = vim.fs.dirname(file)
local changes

local function ended(number)
  wait('the end of task ' .. number, function()
    return count('VouchsafeTaskEnded ' .. number) == 1
  end)
end

local function open()
  return (changes.count())
end

local function list()
  return vim.tbl_map(function(entry)
    return ('%d %s %s'):format(entry.lnum, entry.type, entry.text)
  end, vim.fn.getqflist())
end

local function beginning()
  driver.start(file)
  changes = require('vouchsafe.changes')
  stage('kinds', vim.fn.getcompletion('Vouchsafe task ', 'cmdline'))
  vim.cmd('Vouchsafe task nonsense')
  wait('an answer', function()
    return driver.told('nonsense is not offered')
  end)
end

local function words()
  vim.cmd([[2Vouchsafe task refactor keep it \short]])
  ended(1)
  wait('its change', function()
    return open() == 1
  end)
  stage('drawn', driver.marks('vouchsafe.changes'))
  -- A follow-up takes the open change over.
  vim.cmd('Vouchsafe follow copy the elements')
  ended(2)
  wait('the change of the follow-up', function()
    return open() == 1 and changes.list()[1].task == 2
  end)
  vim.cmd('2Vouchsafe accept')
  wait('the accepted change', function()
    return open() == 0
  end)
  stage('accepted', vim.api.nvim_buf_get_lines(0, 0, -1, false))
  vim.cmd('Vouchsafe blame')
  wait('the blame', function()
    return #driver.marks('vouchsafe.blame') > 0
  end)
  stage('blame', driver.marks('vouchsafe.blame'))
  vim.cmd('2')
  vim.cmd('Vouchsafe trailer')
  wait('the trailer', function()
    return driver.told('"p puts it')
  end)
  stage('trailer', { vim.fn.getreg('"'), vim.fn.getregtype('"') })
end

local function questions()
  driver.typed = { 'what is it for?' }
  vim.cmd('1,3Vouchsafe task ask')
  ended(3)
  wait('the answer', function()
    return driver.told(':Vouchsafe answer')
  end)
  vim.cmd('Vouchsafe answer')
  wait('the page', function()
    return vim.bo.readonly
  end)
  stage('answer', vim.api.nvim_buf_get_lines(0, 0, -1, false))
  vim.cmd.close()
  -- Left without words: nothing starts.
  vim.cmd('Vouchsafe task custom')
  vim.cmd('Vouchsafe task make it quick please')
  wait('a step of the command', function()
    return count('VouchsafeTaskStarted 4') == 1 and require('vouchsafe').statusline():find('sleep')
  end)
  driver.typed = { 'and short' }
  vim.cmd('Vouchsafe message')
  ended(4)
  stage('questions', driver.questions)
end

local function review()
  vim.cmd('1,3Vouchsafe task review')
  ended(5)
  wait('its finding', function()
    return count('VouchsafeFinding 5') == 1
  end)
  vim.cmd('Vouchsafe review')
  wait('the list', function()
    return #vim.fn.getqflist() > 0
  end)
  stage('list of the review', list())
  stage('status', { require('vouchsafe').statusline() })
  -- The list is a place to decide too.
  vim.cmd('copen | 1')
  vim.cmd('Vouchsafe dismiss')
  wait('the finding to go', function()
    return #vim.fn.getqflist() == 0
  end)
  vim.cmd('cclose')
end

-- The float that is open, and what it says.
local function float()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then
      return window
    end
  end
end

-- The heading of the step of a record that the cursor is in, and whether it is open.
local function heading()
  local above = vim.fn.search('^## ', 'bcnW')
  return ('%s, open %s'):format(vim.fn.getline(above), vim.fn.foldclosed('.') == -1)
end

-- Follows the link in the float of this kind, on the first line that holds this.
local function follow(name, show, part)
  local source = vim.api.nvim_get_current_win()
  show()
  wait(name, function()
    local window = float()
    local maps = window and vim.api.nvim_buf_get_keymap(vim.api.nvim_win_get_buf(window), 'n') or {}
    return #vim.tbl_filter(function(map)
      return map.lhs == 'gf'
    end, maps) == 1
  end)
  vim.api.nvim_set_current_win(assert(float()))
  stage('float of ' .. name, vim.api.nvim_buf_get_lines(0, 0, -1, false))
  assert(vim.fn.search(part, 'w') > 0, 'no ' .. part .. ' in the float of ' .. name)
  local mapped = vim.fn.maparg('gf', 'n', false, true).buffer == 1
  vim.cmd('normal gf')
  wait('the record from ' .. name, function()
    return vim.api.nvim_buf_get_name(0):find('record%.md$') and vim.bo.readonly
  end)
  stage('record from ' .. name, { heading(), ('mapped %s %s'):format(mapped, vim.bo.modifiable) })
  vim.api.nvim_win_close(0, true)
  vim.api.nvim_set_current_win(source)
end

local function claims()
  driver.open(directory .. '/slug.py')
  vim.cmd('Vouchsafe task lines')
  ended(6)
  wait('the claim', function()
    return count('VouchsafeFinding 6') == 1
  end)
  vim.cmd('Vouchsafe review')
  -- The list of before follows, so that it may be there before the window.
  wait('the list', function()
    return #vim.fn.getqflist() == 2 and vim.fn.getqflist({ winid = 0 }).winid ~= 0
  end)
  wait('the diagnostics', function()
    return #vim.diagnostic.get(0) == 2
  end)
  stage('list with a claim', list())
  vim.cmd('2')
  follow('diagnostic', vim.diagnostic.open_float, 'does not agree\\|record.md')
  follow('hover', vim.lsp.buf.hover, 'record')
  driver.wanted, driver.menus = { 'does not agree' }, {}
  vim.cmd('Vouchsafe evidence')
  wait('the record', function()
    return vim.api.nvim_buf_get_name(0):find('record%.md$')
  end)
  stage('record of the claim', { heading() })
  stage('choices', driver.menus)
  vim.cmd.close()
  vim.cmd('2')
  vim.cmd('Vouchsafe check')
  wait('the check', function()
    local finding = require('vouchsafe.findings').list()[1]
    return finding and finding.message:find('Run again')
  end)
  vim.cmd('Vouchsafe dismiss')
  wait('no finding', function()
    return require('vouchsafe.findings').count() == 0
  end)
  vim.cmd('Vouchsafe reject all')
  wait('no change', function()
    return open() == 0
  end)
end

local function verified()
  vim.cmd('Vouchsafe task dashes')
  wait('the claim', function()
    return count('VouchsafeFinding 8') == 1
  end)
  vim.cmd('Vouchsafe claims')
  wait('the list', function()
    return vim.bo.buftype == 'quickfix'
  end)
  stage('claims', list())
  vim.cmd('Vouchsafe evidence')
  wait('the record', function()
    return vim.api.nvim_buf_get_name(0):find('record%.md$')
  end)
  vim.cmd.close()
  vim.cmd('cclose')
end

local function needs()
  driver.open(directory .. '/main.rs')
  vim.cmd('Vouchsafe task module')
  wait('the changes', function()
    return open() == 3
  end)
  stage('drawn needs', driver.marks('vouchsafe.changes'))
  vim.cmd('1Vouchsafe accept needs')
  wait('both to be accepted', function()
    return open() == 1
  end)
  wait('the events', function()
    return count('VouchsafeAccepted 9') == 2
  end)
  stage('module', vim.api.nvim_buf_get_lines(vim.fn.bufnr(directory .. '/parse.rs'), 0, -1, false))
  vim.cmd.buffer(vim.fn.bufnr(directory .. '/parse.rs'))
  driver.messages = {}
  vim.cmd('Vouchsafe blame')
  wait('the lines of the new file', function()
    return #driver.marks('vouchsafe.blame') > 0
  end)
  stage('blame of a new file', driver.marks('vouchsafe.blame'))
end

local function ending()
  stage('events', driver.events)
  stage('messages', driver.messages)
  stage('done')
end

driver.play({ beginning, words, questions, review, claims, verified, needs, ending })
