-- `gf` in floating windows: from what hover or a diagnostic says to the place in the record that it rests on.
local M = {}

---@class vouchsafe.Link
---@field path string
---@field line integer? From 1
---@field first integer? Of its bytes in the line of the float, from 1
---@field last integer?

---The links to files in a line of text.
---@param text string
---@return vouchsafe.Link[]
local function links_in(text)
  local found, from = {}, 1
  while true do
    local first, last = text:find('file://[^%s)>]+', from)
    if not first or not last then
      return found
    end
    local address, line = text:sub(first, last):match('^(.-)#L(%d+)')
    local path = vim.uri_to_fname(address or text:sub(first, last))
    found[#found + 1] = { path = path, line = tonumber(line), first = first, last = last }
    from = last + 1
  end
end

---Where the finding that a line of a diagnostic float shows rests. Neovim 0.12 shows this by itself.
---@param text string
---@param diagnostics vim.Diagnostic[]
---@return vouchsafe.Link?
local function related_of(text, diagnostics)
  for _, diagnostic in ipairs(diagnostics) do
    local related = vim.tbl_get(diagnostic, 'user_data', 'lsp', 'relatedInformation') or {}
    local said = vim.split(diagnostic.message, '\n')[1]
    if related[1] and text:find(said, 1, true) then
      local location = related[1].location
      return { path = vim.uri_to_fname(location.uri), line = location.range.start.line + 1 }
    end
  end
end

---@param text string
---@param column integer Of the cursor, from 1
---@param diagnostics vim.Diagnostic[]
---@return vouchsafe.Link?
local function link_at(text, column, diagnostics)
  local links = links_in(text)
  for _, link in ipairs(links) do
    if link.first <= column and column <= link.last then
      return link
    end
  end
  return links[1] or related_of(text, diagnostics)
end

---@param diagnostics vim.Diagnostic[]
local function follow(diagnostics)
  local link = link_at(vim.api.nvim_get_current_line(), vim.fn.col('.'), diagnostics)
  if not link then
    return vim.cmd.normal({ 'gf', bang = true })
  end
  -- The record opens beside the text that the float is about.
  local float = vim.api.nvim_get_current_win()
  vim.cmd('wincmd p')
  pcall(vim.api.nvim_win_close, float, true)
  require('vouchsafe.evidence').open(link.path, link.line)
end

---Gives a float `gf`, if there is something of ours to go to and it has none of its own.
---@param float integer Its window
---@param source integer The window that it was opened from
function M.equip(float, source)
  if not vim.api.nvim_win_is_valid(float) or not vim.api.nvim_win_is_valid(source) then
    return
  end
  local bufnr, from = vim.api.nvim_win_get_buf(float), vim.api.nvim_win_get_buf(source)
  for _, map in ipairs(vim.api.nvim_buf_get_keymap(bufnr, 'n')) do
    if map.lhs == 'gf' then
      return
    end
  end
  local diagnostics = vim.tbl_filter(function(diagnostic)
    return diagnostic.source == 'vouchsafe'
  end, vim.diagnostic.get(from))
  for _, text in ipairs(vim.api.nvim_buf_get_lines(bufnr, 0, -1, false)) do
    local link = link_at(text, 1, diagnostics)
    if link and require('vouchsafe').is_record(link.path) then
      vim.keymap.set('n', 'gf', function()
        follow(diagnostics)
      end, { buffer = bufnr, desc = 'Vouchsafe: open the record there' })
      return
    end
  end
end

return M
