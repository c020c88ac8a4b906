-- Note on which day the database was told of a cart that is there. KEYS: cart. ARGV: day.

if redis.call('EXISTS', KEYS[1]) == 0 then return {'none'} end
redis.call('HSET', KEYS[1], 'traced', ARGV[1])
return {'ok'}
