-- The line for a commit message that says who helped.
local client_of = require('vouchsafe.client')

local M = {}

---@param client vim.lsp.Client
---@param task integer
local function copy(client, task)
  client_of.execute(client, 'trailer', { task = task, quiet = true }, function(answer)
    vim.fn.setreg('"', answer.trailer, 'l')
    client_of.notify(('"p puts it: %s'):format(answer.trailer))
  end)
end

---Copies the trailer of a task to the unnamed register: of the one named, of the one that made or would change the
---line at the cursor, else of one that the user picks.
---@param number string?
function M.copy(number)
  local bufnr = vim.api.nvim_get_current_buf()
  local client = client_of.need(bufnr)
  if not client or client_of.too_old(client, 'trailer') then
    return
  end
  if tonumber(number) then
    return copy(client, math.floor(tonumber(number) or 0))
  end
  local row = vim.fn.line('.') - 1
  require('vouchsafe.blame').ask(client, bufnr, function(listed)
    for _, lines in ipairs(listed) do
      if lines.start_line <= row and row < lines.end_line then
        return copy(client, lines.task)
      end
    end
    local change = require('vouchsafe.changes').at(bufnr, row)[1]
    if change then
      return copy(client, change.task)
    end
    require('vouchsafe.tasks').pick(nil, function(task)
      return task.phase == 'ended'
    end, function(owner, task)
      copy(owner, task.task)
    end)
  end)
end

return M
