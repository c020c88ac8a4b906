-- Stands before every other script.
--
-- A cart is one hash: "version"; "placed", how many lines were ever put in; "traced", the day on
-- which the database last noted that this cart exists; and per line "line:<variant>" with the
-- value "<place> <quantity> <price>". A new line takes the next place, so places give the order.

local LINE = 'line:'
local FIELDS_BESIDE_LINES = 3

local function line_of(cart, variant)
  local text = redis.call('HGET', cart, LINE .. variant)
  if not text then return nil end
  local place, quantity, price = string.match(text, '^(%d+) (%d+) (.+)$')
  return {place = tonumber(place), quantity = tonumber(quantity), price = price}
end

local function write_line(cart, variant, line)
  if line.quantity > 0 then
    local text = string.format('%d %d %s', line.place, line.quantity, line.price)
    redis.call('HSET', cart, LINE .. variant, text)
  else
    redis.call('HDEL', cart, LINE .. variant)
  end
end

local function new_line(cart, price)
  redis.call('HSETNX', cart, 'traced', '0')
  return {place = redis.call('HINCRBY', cart, 'placed', 1), quantity = 0, price = price}
end

local function count_lines(cart)
  return math.max(0, redis.call('HLEN', cart) - FIELDS_BESIDE_LINES)
end

-- The variants of a cart, as text because a key may be larger than a Lua number, in their order.
local function variants_of(cart)
  local variants, place_of = {}, {}
  for _, field in ipairs(redis.call('HKEYS', cart)) do
    if string.sub(field, 1, #LINE) == LINE then
      local variant = string.sub(field, #LINE + 1)
      table.insert(variants, variant)
      place_of[variant] = line_of(cart, variant).place
    end
  end
  table.sort(variants, function(one, other) return place_of[one] < place_of[other] end)
  return variants
end

-- End every change: a version that never was, and a new lease of life; 0 milliseconds is for ever.
local function finish(cart, version, lifetime)
  redis.call('HSET', cart, 'version', version)
  if tonumber(lifetime) > 0 then
    redis.call('PEXPIRE', cart, lifetime)
  else
    redis.call('PERSIST', cart)
  end
  return {'ok', redis.call('HGETALL', cart)}
end
