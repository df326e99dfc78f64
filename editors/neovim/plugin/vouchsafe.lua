-- Defines :Vouchsafe. Everything else is loaded when it is used.
if vim.g.loaded_vouchsafe then
  return
end
vim.g.loaded_vouchsafe = true

vim.api.nvim_create_user_command('Vouchsafe', function(call)
  require('vouchsafe.command').run(call)
end, {
  nargs = '*',
  range = true,
  desc = 'Start a task, review its changes, look at its evidence',
  complete = function(lead, line)
    return require('vouchsafe.command').complete(lead, line)
  end,
})
