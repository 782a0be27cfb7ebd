/** Longer keys are hardly names that somebody has chosen. */
const MAX_KEY_CHARS = 200
/** A part of a key that a developer has written, a name space. Digits, capitals and length are signs of an id, a token or a hash. */
const NAME_SPACE = /^[a-z]{1,16}(?:[-_][a-z]{1,16}){0,2}$/
const SEPARATORS = /([:/|#{}])/

/** Their first argument is a key. Of any other command, one of a module for example, nothing but its name is told. */
const FIRST_IS_KEY =
  /^(?:APPEND|BITCOUNT|BITFIELD(?:_RO)?|BITPOS|BLMOVE|BLPOP|BRPOP|BRPOPLPUSH|BZPOPMAX|BZPOPMIN|COPY|DECR|DECRBY|DEL|DUMP|EXISTS|EXPIRE|EXPIREAT|EXPIRETIME|GEO(?:ADD|DIST|HASH|POS|SEARCH)|GET|GETBIT|GETDEL|GETEX|GETRANGE|GETSET|H(?:DEL|EXISTS|EXPIRE|GET|GETALL|GETDEL|GETEX|INCRBY|INCRBYFLOAT|KEYS|LEN|MGET|MSET|PERSIST|RANDFIELD|SCAN|SET|SETEX|SETNX|STRLEN|TTL|VALS)|INCR|INCRBY|INCRBYFLOAT|L(?:INDEX|INSERT|LEN|MOVE|POP|POS|PUSH|PUSHX|RANGE|REM|SET|TRIM)|MGET|MOVE|MSET|MSETNX|PERSIST|PEXPIRE|PEXPIREAT|PEXPIRETIME|PFADD|PFCOUNT|PFMERGE|PSETEX|PTTL|RENAME|RENAMENX|RESTORE|RPOP|RPOPLPUSH|RPUSH|RPUSHX|S(?:ADD|CARD|DIFF|DIFFSTORE|INTER|INTERSTORE|ISMEMBER|MEMBERS|MISMEMBER|MOVE|POP|RANDMEMBER|REM|SCAN|UNION|UNIONSTORE)|SET|SETBIT|SETEX|SETNX|SETRANGE|SORT(?:_RO)?|STRLEN|TOUCH|TTL|TYPE|UNLINK|WATCH|X(?:ACK|ADD|AUTOCLAIM|CLAIM|DEL|LEN|PENDING|RANGE|REVRANGE|TRIM)|Z(?:ADD|CARD|COUNT|INCRBY|LEXCOUNT|MSCORE|POPMAX|POPMIN|RANDMEMBER|RANGE|RANGEBYLEX|RANGEBYSCORE|RANGESTORE|RANK|REM|REMRANGEBYLEX|REMRANGEBYRANK|REMRANGEBYSCORE|REVRANGE|REVRANGEBYLEX|REVRANGEBYSCORE|REVRANK|SCAN|SCORE|UNIONSTORE|INTERSTORE))$/

/** A name of a command: what is none is an argument that somebody has put in its place. */
const COMMAND_NAME = /^[A-Z][A-Z_.]{0,39}$/

/**
 * What is told of a Redis command: its name, and the shape of its first key. `GET session:?`, `MGET user:?`, `EVALSHA`.
 * Never a value, a field, a script or a channel; and of a key only the parts that read like words.
 */
export function redisStatementOf(command: string, key: unknown): string {
  const name = command.toUpperCase()
  if (!COMMAND_NAME.test(name)) return '?'
  if (key === undefined || !FIRST_IS_KEY.test(name)) return name
  return `${name} ${typeof key === 'string' ? shapeOfKey(key) : '?'}`
}

/** Keys are names and values in one: the name spaces are kept; the last part, which tells one key from the next, never is. */
function shapeOfKey(key: string): string {
  if (key.length > MAX_KEY_CHARS) return '?'
  const parts = key.split(SEPARATORS)
  const last = parts.findLastIndex((part) => part !== '' && !SEPARATORS.test(part))
  return parts.map((part, index) => shapeOfPart(part, index === last)).join('')
}

function shapeOfPart(part: string, isLast: boolean): string {
  if (part === '' || SEPARATORS.test(part)) return part
  return NAME_SPACE.test(part) && !isLast ? part : '?'
}
