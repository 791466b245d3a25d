/**
 * Each runs as one indivisible act on the record of one account's token, and does the same when it is sent again.
 * Fields: the token's, `obtained` (how many came from the token endpoint), `accepted` (the newest generation that was
 * accepted) and `refusedFirst`, `refusedLast` (the oldest and newest fresh generation refused since the last success).
 */
export const tokenScripts = {
  /** Saves a token as generation ARGV[1] + 1, unless somebody else has saved one that is newer than ARGV[1]. */
  save: `
    local generation = tonumber(redis.call('HGET', KEYS[1], 'generation') or '0')
    if generation <= tonumber(ARGV[1]) then
      redis.call('HSET', KEYS[1], 'generation', ARGV[1] + 1, 'accessToken', ARGV[2], 'expiresAt', ARGV[3],
        'obtainedAt', ARGV[4], 'lifetimeMs', ARGV[5])
      if ARGV[6] == 'given' then redis.call('HSET', KEYS[1], 'accepted', ARGV[1] + 1)
      else redis.call('HINCRBY', KEYS[1], 'obtained', 1) end
    end
    return 1`,
  /** Notes that generation ARGV[1] was refused; 1 = two fresh ones were, with no success between. */
  refuse: `
    local refused = tonumber(ARGV[1])
    local generation = tonumber(redis.call('HGET', KEYS[1], 'generation') or '0')
    local accepted = tonumber(redis.call('HGET', KEYS[1], 'accepted') or '0')
    local first = tonumber(redis.call('HGET', KEYS[1], 'refusedFirst') or ARGV[1])
    local last = tonumber(redis.call('HGET', KEYS[1], 'refusedLast') or ARGV[1])
    if refused > accepted and refused <= generation then
      first = math.min(first, refused)
      last = math.max(last, refused)
      redis.call('HSET', KEYS[1], 'refusedFirst', first, 'refusedLast', last)
    end
    return first < last and 1 or 0`,
  /** Notes that generation ARGV[1] was accepted, which ends a run of refusals. */
  accept: `
    local accepted = tonumber(ARGV[1])
    local generation = tonumber(redis.call('HGET', KEYS[1], 'generation') or '0')
    if accepted > generation then return 0 end
    if accepted > tonumber(redis.call('HGET', KEYS[1], 'accepted') or '0') then
      redis.call('HSET', KEYS[1], 'accepted', accepted)
    end
    redis.call('HDEL', KEYS[1], 'refusedFirst', 'refusedLast')
    return 1`,
};
