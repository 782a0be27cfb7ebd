/** Longer keys are hardly names that somebody has chosen. */
const MAX_KEY_CHARS = 200
/** A part of a key that a developer has written, a name space. Digits, capitals and length are signs of an id, a token or a hash. */
const NAME_SPACE = /^[a-z]{1,16}(?:[-_][a-z]{1,16}){0,2}$/
const SEPARATORS = ':/|#{}'

/** Their first argument is a key. Of any other command, one of a module for example, nothing but its name is told. */
const KEYED_COMMANDS =
  `APPEND BITCOUNT BITFIELD BITFIELD_RO BITPOS BLMOVE BLPOP BRPOP BRPOPLPUSH BZPOPMAX BZPOPMIN
  COPY DECR DECRBY DEL DUMP EXISTS EXPIRE EXPIREAT EXPIRETIME GEOADD GEODIST GEOHASH GEOPOS
  GEOSEARCH GET GETBIT GETDEL GETEX GETRANGE GETSET HDEL HEXISTS HEXPIRE HGET HGETALL HGETDEL
  HGETEX HINCRBY HINCRBYFLOAT HKEYS HLEN HMGET HMSET HPERSIST HRANDFIELD HSCAN HSET HSETEX
  HSETNX HSTRLEN HTTL HVALS INCR INCRBY INCRBYFLOAT LINDEX LINSERT LLEN LMOVE LPOP LPOS LPUSH
  LPUSHX LRANGE LREM LSET LTRIM MGET MOVE MSET MSETNX PERSIST PEXPIRE PEXPIREAT PEXPIRETIME
  PFADD PFCOUNT PFMERGE PSETEX PTTL RENAME RENAMENX RESTORE RPOP RPOPLPUSH RPUSH RPUSHX SADD
  SCARD SDIFF SDIFFSTORE SINTER SINTERSTORE SISMEMBER SMEMBERS SMISMEMBER SMOVE SPOP
  SRANDMEMBER SREM SSCAN SUNION SUNIONSTORE SET SETBIT SETEX SETNX SETRANGE SORT SORT_RO
  STRLEN TOUCH TTL TYPE UNLINK WATCH XACK XADD XAUTOCLAIM XCLAIM XDEL XLEN XPENDING XRANGE
  XREVRANGE XTRIM ZADD ZCARD ZCOUNT ZINCRBY ZLEXCOUNT ZMSCORE ZPOPMAX ZPOPMIN ZRANDMEMBER
  ZRANGE ZRANGEBYLEX ZRANGEBYSCORE ZRANGESTORE ZRANK ZREM ZREMRANGEBYLEX ZREMRANGEBYRANK
  ZREMRANGEBYSCORE ZREVRANGE ZREVRANGEBYLEX ZREVRANGEBYSCORE ZREVRANK ZSCAN ZSCORE ZUNIONSTORE
  ZINTERSTORE`.split(/\s+/)

/** Their names as drivers give them, which is most of all that is asked: found without making a text. */
const FIRST_IS_KEY: ReadonlyMap<string, string> = new Map(
  KEYED_COMMANDS.flatMap((name) => [
    [name, name],
    [name.toLowerCase(), name],
  ]),
)

/** A name of a command: what is none is an argument that somebody has put in its place. */
const COMMAND_NAME = /^[A-Z][A-Z_.]{0,39}$/

/**
 * What is told of a Redis command: its name, and the shape of its first key. `GET session:?`, `MGET user:?`, `EVALSHA`.
 * Never a value, a field, a script or a channel; and of a key only the parts that read like words.
 */
export function redisStatementOf(command: string, key: unknown): string {
  const keyed = FIRST_IS_KEY.get(command)
  if (keyed === undefined) return otherStatementOf(command, key)
  if (key === undefined) return keyed
  return `${keyed} ${typeof key === 'string' ? shapeOfKey(key) : '?'}`
}

function otherStatementOf(command: string, key: unknown): string {
  const name = command.toUpperCase()
  if (FIRST_IS_KEY.has(name)) return redisStatementOf(name, key)
  return COMMAND_NAME.test(name) ? name : '?'
}

/** Keys are names and values in one: the name spaces are kept; the last part, which tells one key from the next, never is. */
function shapeOfKey(key: string): string {
  if (key.length > MAX_KEY_CHARS) return '?'
  let lastEnd = key.length
  while (isSeparator(key, lastEnd - 1)) lastEnd -= 1
  let shape = ''
  let start = 0
  for (let at = 0; at <= key.length; at += 1) {
    if (at < key.length && !isSeparator(key, at)) continue
    if (at > start) shape += shapeOfPart(key.slice(start, at), at === lastEnd)
    if (at < key.length) shape += key[at]
    start = at + 1
  }
  return shape
}

function isSeparator(key: string, at: number): boolean {
  return at >= 0 && SEPARATORS.includes(key.charAt(at))
}

function shapeOfPart(part: string, isLast: boolean): string {
  return !isLast && NAME_SPACE.test(part) ? part : '?'
}
