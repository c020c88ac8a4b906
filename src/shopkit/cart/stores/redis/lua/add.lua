-- Put units in. KEYS: cart. ARGV: version, lifetime, ceiling, most lines, variant, quantity, price.

local cart = KEYS[1]
local version, lifetime, variant, price = ARGV[1], ARGV[2], ARGV[5], ARGV[7]
local ceiling, max_lines, quantity = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[6])

local line = line_of(cart, variant)
local now = line and line.quantity or 0
if now + quantity > ceiling then return {'ceiling', now} end
if not line and count_lines(cart) >= max_lines then return {'lines'} end

line = line or new_line(cart, price)
line.quantity, line.price = now + quantity, price
write_line(cart, variant, line)
return finish(cart, version, lifetime)
