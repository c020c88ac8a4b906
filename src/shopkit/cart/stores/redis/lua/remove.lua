-- Take out what was ordered, once per note. KEYS: cart, note. ARGV: version, lifetime, lifetime of
-- the note, then variant and units by turns.

local cart, note = KEYS[1], KEYS[2]
if not redis.call('SET', note, '1', 'NX', 'PX', ARGV[3]) then return {'known'} end
if redis.call('EXISTS', cart) == 0 then return {'none'} end

for index = 4, #ARGV, 2 do
  local line = line_of(cart, ARGV[index])
  if line then
    line.quantity = math.max(0, line.quantity - tonumber(ARGV[index + 1]))
    write_line(cart, ARGV[index], line)
  end
end
return finish(cart, ARGV[1], ARGV[2])
