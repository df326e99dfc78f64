-- A list that the servers keep: asked for again when it may have changed, one request to a server at a time.
local client_of = require('vouchsafe.client')

---@class vouchsafe.Listing
---@field private command string
---@field private take fun(client: vim.lsp.Client, listed: table[])
---Clients that are being asked, whether they are to be asked again after that, and who waits for it.
---@field private asking table<integer, { again: boolean, done: (fun())[] }>
local Listing = {}
Listing.__index = Listing

---@param command string Without `vouchsafe.`
---@param take fun(client: vim.lsp.Client, listed: table[]) Gets each answer
---@return vouchsafe.Listing
function Listing.new(command, take)
  return setmetatable({ command = command, take = take, asking = {} }, Listing)
end

---Asks a server. `done` is called when its newest answer was taken, or it
---failed; at once if the server does not know the command.
---@param client vim.lsp.Client
---@param done fun()
function Listing:ask(client, done)
  if not client_of.knows(client, self.command) then
    return done()
  end
  local under_way = self.asking[client.id]
  if under_way then
    under_way.again = true
    table.insert(under_way.done, done)
    return
  end
  local this = { again = false, done = { done } }
  self.asking[client.id] = this
  local function all_done()
    for _, one in ipairs(this.done) do
      one()
    end
  end
  client_of.execute(client, self.command, nil, function(listed)
    self.asking[client.id] = nil
    self.take(client, listed or {})
    if this.again then
      self:ask(client, all_done)
    else
      all_done()
    end
  end, function()
    self.asking[client.id] = nil
    all_done()
  end)
end

---Forgets what a server was asked: it has ended.
---@param id integer
function Listing:forget(id)
  self.asking[id] = nil
end

return Listing
