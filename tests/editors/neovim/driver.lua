-- What the sessions with the plug-in share: waiting, seeing, and answering its questions.
--
-- A session prints `== stage`, then what the user would see. Any error ends Neovim with a code that is not 0.
local patience_ms = 40000

local driver = {
  ---What `User` events said, and what was told by a message.
  events = {},
  messages = {},
  ---Menus are answered by the first item that holds one of these words, in turn; else by nothing.
  wanted = {},
  menus = {},
  ---Questions for words are answered by these, in turn; else by nothing.
  typed = {},
  questions = {},
}

function driver.stage(name, lines)
  io.stdout:write('== ' .. name .. '\n')
  for _, line in ipairs(lines or {}) do
    io.stdout:write(line .. '\n')
  end
end

function driver.wait(what, done)
  if not vim.wait(patience_ms, done, 10) then
    error('waited ' .. patience_ms .. ' ms for ' .. what, 2)
  end
end

---What the plug-in drew in the current buffer: row, how, text.
function driver.marks(namespace)
  local found = {}
  local id = vim.api.nvim_get_namespaces()[namespace]
  for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, id, 0, -1, { details = true })) do
    local row, details = mark[2] + 1, mark[4]
    local function add(how, chunks)
      local words = vim.tbl_map(function(chunk)
        return chunk[1]
      end, chunks)
      found[#found + 1] = vim.trim(('%d %s %s'):format(row, how, vim.trim(table.concat(words))))
    end
    if details.line_hl_group then
      add(details.line_hl_group, {})
    end
    if details.sign_text then
      add('sign', {})
    end
    if details.virt_text then
      add('eol', details.virt_text)
    end
    for _, line in ipairs(details.virt_lines or {}) do
      add(details.virt_lines_above and 'above' or 'below', line)
    end
  end
  -- Marks at one place come in any order.
  table.sort(found)
  return found
end

---How many events of this name there were.
function driver.count(name)
  return #vim.tbl_filter(function(event)
    return vim.startswith(event, name)
  end, driver.events)
end

---Whether a message holds this.
function driver.told(part)
  return table.concat(driver.messages, '\n'):find(part, 1, true) ~= nil
end

vim.ui.select = function(items, options, choose)
  local titles = vim.tbl_map(options.format_item or tostring, items)
  table.insert(driver.menus, table.concat(titles, ' | '))
  for index, title in ipairs(titles) do
    if driver.wanted[1] and title:find(driver.wanted[1], 1, true) then
      table.remove(driver.wanted, 1)
      return choose(items[index], index)
    end
  end
  choose(nil)
end

vim.ui.input = function(options, take)
  table.insert(driver.questions, options.prompt)
  take(table.remove(driver.typed, 1))
end

vim.notify = function(message)
  table.insert(driver.messages, message)
end

---Opens a file with the server on.
function driver.start(file)
  vim.api.nvim_create_autocmd('User', {
    pattern = 'Vouchsafe*',
    callback = function(event)
      local data = event.data
      local words = { event.match, data.task or '', data.hunk or data.note or '' }
      table.insert(words, data.path or data.title or data.code or '')
      table.insert(driver.events, vim.trim(table.concat(words, ' ')))
    end,
  })
  vim.g.vouchsafe = { server = assert(os.getenv('VOUCHSAFE_TEST_SERVER')) }
  vim.lsp.enable('vouchsafe')
  driver.open(file)
end

---Opens another file and waits for the server in it.
function driver.open(file)
  vim.cmd.edit(file)
  driver.wait('the server', function()
    local client = vim.lsp.get_clients({ bufnr = 0, name = 'vouchsafe' })[1]
    return client and client.initialized
  end)
end

---Plays these parts, then ends.
function driver.play(parts)
  local done, problem = xpcall(function()
    for _, part in ipairs(parts) do
      part()
    end
  end, debug.traceback)
  if not done then
    local seen = table.concat(vim.list_extend(vim.list_slice(driver.messages), driver.events), '\n')
    io.stderr:write(('%s\nmessages and events:\n%s\n'):format(problem, seen))
    vim.cmd('cquit 1')
  end
  vim.cmd('qall!')
end

return driver
