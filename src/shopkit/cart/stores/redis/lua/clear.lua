-- Take everything out of a cart that is there. KEYS: cart. ARGV: version, lifetime.

local cart = KEYS[1]
if redis.call('EXISTS', cart) == 0 then return {'none'} end
for _, variant in ipairs(variants_of(cart)) do
  redis.call('HDEL', cart, LINE .. variant)
end
return finish(cart, ARGV[1], ARGV[2])
