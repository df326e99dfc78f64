-- Starting tasks: recipes, and tasks for a model with their words.
local client_of = require('vouchsafe.client')

local M = {}

---The kinds of task for a model, each with what is asked for when no words were given; `false` where none are needed.
---@type table<string, string|false>
local kinds = {
  ask = 'Ask about this: ',
  custom = 'Do here: ',
  document = false,
  explain = false,
  fix = false,
  implement = 'Implement (nothing: as the place says): ',
  refactor = false,
  review = false,
  test = false,
}
---Kinds that are nothing without words.
local wordless = { ask = false, custom = false }

---Whether tasks of this kind are a model's.
---@param kind string
---@return boolean
function M.is_kind(kind)
  return kinds[kind] ~= nil
end

---@class vouchsafe.Place
---@field bufnr integer
---@field first integer From 0
---@field last integer
---@field selected boolean Whether lines were given
---@field column integer Of the cursor, in bytes

---@param call vim.api.keyset.create_user_command.command_args
---@return vouchsafe.Place
local function place_of(call)
  return {
    bufnr = vim.api.nvim_get_current_buf(),
    first = call.line1 - 1,
    last = call.line2 - 1,
    selected = call.range == 2,
    column = call.range == 0 and vim.fn.col('.') - 1 or 0,
  }
end

---@param client vim.lsp.Client
---@param place vouchsafe.Place
---@return lsp.Range
local function range_of(client, place)
  if place.selected then
    return {
      start = { line = place.first, character = 0 },
      ['end'] = { line = place.last + 1, character = 0 },
    }
  end
  local line = vim.api.nvim_buf_get_lines(place.bufnr, place.first, place.first + 1, false)[1] or ''
  local character = vim.str_utfindex(line, client.offset_encoding, math.min(place.column, #line), false)
  local at = { line = place.first, character = character }
  return { start = at, ['end'] = at }
end

---What servers say about the lines, as they said it.
---@param place vouchsafe.Place
---@return lsp.Diagnostic[]
local function said_of(place)
  local found = {}
  for _, diagnostic in ipairs(vim.diagnostic.get(place.bufnr)) do
    local theirs = vim.tbl_get(diagnostic, 'user_data', 'lsp')
    if
      theirs
      and diagnostic.lnum <= place.last
      and place.first <= (diagnostic.end_lnum or diagnostic.lnum)
    then
      found[#found + 1] = theirs
    end
  end
  return found
end

---@param client vim.lsp.Client
---@param place vouchsafe.Place
---@return lsp.CodeActionParams
local function params(client, place)
  return {
    textDocument = { uri = vim.uri_from_bufnr(place.bufnr) },
    range = range_of(client, place),
    context = {
      diagnostics = {},
      only = { 'refactor.rewrite.vouchsafe', 'source.vouchsafe' },
      triggerKind = 1,
    },
  }
end

---@class vouchsafe.Offer
---@field name string? Of a recipe
---@field title string
---@field argument table

---What can be started among code actions.
---@param actions lsp.CodeAction[]?
---@return vouchsafe.Offer[] offers
---@return boolean set_up Whether there is a model
local function offers_of(actions)
  local found, set_up = {}, true
  for _, action in ipairs(actions or {}) do
    local command = action.command
    if type(command) == 'table' and command.command == 'vouchsafe.start' then
      local argument = command.arguments[1]
      local title = action.title:gsub('^Vouchsafe: ', '')
      found[#found + 1] = { name = argument.recipe, title = title, argument = argument }
    elseif type(command) == 'table' and command.command == 'vouchsafe.setUpModel' then
      set_up = false
    end
  end
  return found, set_up
end

---The recipes that fit the cursor and, where there is a model, the kinds of its tasks; for completion, so within a
---moment or none.
---@return string[]
function M.names()
  local client = client_of.of(0)
  if not client then
    return {}
  end
  local here = { bufnr = vim.api.nvim_get_current_buf(), first = vim.fn.line('.') - 1, column = 0 }
  here.last, here.selected = here.first, false
  local answer = client:request_sync('textDocument/codeAction', params(client, here), 300, here.bufnr)
  local offers, set_up = offers_of(answer and answer.result)
  local names = set_up and client_of.knows(client, 'message') and vim.tbl_keys(kinds) or {}
  for _, offer in ipairs(offers) do
    if offer.name then
      names[#names + 1] = offer.name
    end
  end
  return names
end

---@param client vim.lsp.Client
---@param kind string
---@param words string
---@param place vouchsafe.Place
local function start_kind(client, kind, words, place)
  local function start(prompt)
    client_of.execute(client, 'start', {
      kind = kind,
      prompt = prompt,
      uri = vim.uri_from_bufnr(place.bufnr),
      range = range_of(client, place),
      diagnostics = kind == 'fix' and said_of(place) or nil,
    })
  end
  if words ~= '' or not kinds[kind] then
    return start(words)
  end
  vim.ui.input({ prompt = kinds[kind] }, function(typed)
    -- Nothing was typed where words are needed, or the question was left.
    if typed and (vim.trim(typed) ~= '' or wordless[kind] ~= false) then
      start(vim.trim(typed))
    end
  end)
end

---@param client vim.lsp.Client
---@param offers vouchsafe.Offer[]
---@param with_model boolean
---@param place vouchsafe.Place
local function choose(client, offers, with_model, place)
  local function take(offer)
    if offer.kind then
      return start_kind(client, offer.kind, '', place)
    end
    client_of.execute(client, 'start', offer.argument)
  end
  local choices = vim.list_extend({}, offers)
  if with_model then
    choices[#choices + 1] = { title = 'Ask …', kind = 'ask' }
    choices[#choices + 1] = { title = 'In your own words …', kind = 'custom' }
  elseif #choices == 0 then
    return client_of.notify('no task fits this file', vim.log.levels.WARN)
  end
  vim.ui.select(choices, {
    prompt = 'Vouchsafe: start',
    format_item = function(choice)
      return choice.title
    end,
  }, function(choice)
    if choice then
      take(choice)
    end
  end)
end

---@param client vim.lsp.Client
---@param name string
---@param words string
---@param place vouchsafe.Place
---@param offers vouchsafe.Offer[]
local function start_named(client, name, words, place, offers)
  for _, offer in ipairs(offers) do
    if offer.name == name then
      if words ~= '' then
        return client_of.notify(('%s is a recipe: it takes no words'):format(name), vim.log.levels.ERROR)
      end
      return client_of.execute(client, 'start', offer.argument)
    end
  end
  if kinds[name] == nil and words == '' then
    return client_of.notify(('%s is not offered for this file'):format(name), vim.log.levels.ERROR)
  elseif client_of.too_old(client, 'message') then
    return
  elseif kinds[name] ~= nil then
    return start_kind(client, name, words, place)
  end
  -- As in an order in a comment: a question is one, everything else is done as it is written.
  local all = name .. ' ' .. words
  start_kind(client, all:find('%?$') and 'ask' or 'custom', all, place)
end

---Starts a task at the cursor or on the given lines: a recipe, a kind with words, just words, or what the user picks.
---@param argument string?
---@param call vim.api.keyset.create_user_command.command_args
function M.start(argument, call)
  local place = place_of(call)
  local client = client_of.need(place.bufnr)
  if not client then
    return
  end
  local name, words = (argument or ''):match('^(%S*)%s*(.-)%s*$')
  client:request('textDocument/codeAction', params(client, place), function(failure, actions)
    if failure then
      return client_of.notify(failure.message, vim.log.levels.ERROR)
    end
    local offers, set_up = offers_of(actions)
    if name == '' then
      return choose(client, offers, set_up and client_of.knows(client, 'message'), place)
    end
    start_named(client, name, words, place, offers)
  end, place.bufnr)
end

return M
