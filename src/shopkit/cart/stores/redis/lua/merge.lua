-- Pour the source into the target and delete it. KEYS: source, target. ARGV: version, lifetime,
-- general ceiling, most lines, then variant and ceiling by turns.
--
-- Answers the target and, flat, variant, added, dropped for each line of the source.

local source, target = KEYS[1], KEYS[2]
local general, max_lines = tonumber(ARGV[3]), tonumber(ARGV[4])
local ceilings = {}
for index = 5, #ARGV, 2 do ceilings[ARGV[index]] = tonumber(ARGV[index + 1]) end

local incoming, variants = {}, variants_of(source)
for _, variant in ipairs(variants) do incoming[variant] = line_of(source, variant) end
redis.call('DEL', source)
if #variants == 0 then return {'none', redis.call('HGETALL', target), {}} end

redis.call('HSETNX', target, 'traced', '0')
redis.call('HSETNX', target, 'placed', '0')
redis.call('HSETNX', target, 'version', '')
local moved = {}
for _, variant in ipairs(variants) do
  local here = line_of(target, variant)
  local now = here and here.quantity or 0
  local room = math.max(0, (ceilings[variant] or general) - now)
  if not here and count_lines(target) >= max_lines then room = 0 end
  local added = math.min(incoming[variant].quantity, room)
  if added > 0 then
    here = here or new_line(target, incoming[variant].price)
    here.quantity = now + added
    write_line(target, variant, here)
  end
  table.insert(moved, variant)
  table.insert(moved, added)
  table.insert(moved, incoming[variant].quantity - added)
end
local answer = finish(target, ARGV[1], ARGV[2])
table.insert(answer, moved)
return answer
