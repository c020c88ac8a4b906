-- Make a line hold exactly so much. KEYS: cart. ARGV: version, lifetime, ceiling, variant, quantity,
-- price.

local cart = KEYS[1]
local version, lifetime, variant, price = ARGV[1], ARGV[2], ARGV[4], ARGV[6]
local ceiling, quantity = tonumber(ARGV[3]), tonumber(ARGV[5])

local line = line_of(cart, variant)
if not line then return {'missing'} end
if quantity > 0 and quantity > ceiling then return {'ceiling', line.quantity} end

line.quantity, line.price = quantity, price
write_line(cart, variant, line)
return finish(cart, version, lifetime)
