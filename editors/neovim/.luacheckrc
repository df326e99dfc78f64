-- Neovim's Lua: LuaJIT with one global of its own.
std = 'luajit'
globals = { 'vim' }
max_line_length = 120
