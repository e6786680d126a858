// Values of a JSON Schema, and values that are none of it: what the fuzzer sends. Chance is a number that
// the test prints, so that a run can be made again.

export function chance(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0; // mulberry32
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n) => Math.floor(next() * n);
  return { below, one: (of) => of[below(of.length)], percent: (n) => below(100) < n };
}

const texts = ['', 'a', 'tea', 'order-1', 'é', '日本', '😀', 'x'.repeat(300), 'null', '"', '\\', '\n', '\u0001',
  '<b>', '%2e', '../..', '1', 'running'];
const anything = [null, true, 0, -1, 1.5, 1e300, '', 'x', [], {}, [[]], { a: 1 }, [null, {}]];

export class Generator {
  // `most`: no integer is larger in what fits, where its size is work for the server.
  constructor(document, random, most = Infinity) {
    this.document = document;
    this.random = random;
    this.most = most;
  }

  resolve(schema) {
    while (schema.$ref)
      schema = schema.$ref.slice(2).split('/').reduce((at, name) => at[name.replaceAll('~1', '/')], this.document);
    return schema;
  }

  // One that fits, as far as the schema says it.
  fitting(given, depth = 0) {
    const { random } = this;
    const schema = this.resolve(given);
    if (schema.enum) return random.one(schema.enum);
    if (schema.anyOf) return this.fitting(random.one(schema.anyOf), depth);
    const types = [schema.type ?? []].flat();
    if (types.length === 0) return random.one([null, 1, 'any', [1], { any: 1 }]);
    switch (random.one(types)) {
      case 'null':
        return null;
      case 'boolean':
        return random.percent(50);
      case 'integer':
        return this.integer(schema);
      case 'number':
        return random.one([0, 1, -1.5, 1e10, 0.1]);
      case 'array':
        return Array.from({ length: depth > 3 ? 0 : random.below(3) }, () =>
          this.fitting(schema.items ?? {}, depth + 1));
      case 'object':
        return this.object(schema, depth);
      default:
        return this.text(schema);
    }
  }

  integer({ minimum = 0, maximum = 100 }) {
    const most = Math.min(maximum, this.most);
    const some = [minimum, minimum + 1, most, 1, 2, 7].filter((n) => n >= minimum && n <= most);
    const safe = some.filter(Number.isSafeInteger);
    return safe.length > 0 ? this.random.one(safe) : 1;
  }

  object(schema, depth) {
    const found = {};
    const oneOf = (schema.oneOf ?? []).flatMap((one) => one.required ?? []);
    const picked = oneOf.length > 0 ? this.random.one(oneOf) : undefined;
    for (const [name, of] of Object.entries(schema.properties ?? {})) {
      const wanted = schema.required?.includes(name);
      if (oneOf.includes(name) ? name !== picked : !wanted && this.random.percent(40)) continue;
      if (depth > 4 && !wanted && !oneOf.includes(name)) continue;
      found[name] = this.fitting(of, depth + 1);
    }
    return found;
  }

  text(schema) {
    const { random } = this;
    if (schema.format === 'date-time')
      return random.one(['2020-01-02T03:04:05Z', '2200-01-01T00:00:00.123Z', '2026-01-02T03:04:05+01:00']);
    if (schema.contentEncoding === 'base64') return random.one(['', 'AA==', 'AAE=', 'AAEC']);
    const fits = (text) =>
      [...text].length >= (schema.minLength ?? 0) &&
      [...text].length <= (schema.maxLength ?? Infinity) &&
      Buffer.byteLength(text) <= (schema.maxLength ?? Infinity) &&
      !(schema.not?.enum ?? []).includes(text) &&
      (!schema.pattern || new RegExp(schema.pattern, 'u').test(text));
    const some = texts.filter(fits);
    return some.length > 0 ? random.one(some) : '1';
  }

  // One that may fit or not: a fitting one with something wrong done to it, or anything at all.
  bent(schema) {
    const { random } = this;
    if (random.percent(15)) return random.one(anything);
    const value = this.fitting(schema);
    if (value === null || typeof value !== 'object') return random.one([...anything, ...texts]);
    const names = Object.keys(value);
    if (names.length === 0 || random.percent(20)) return { ...value, nobody: 1 };
    const name = random.one(names);
    const copy = Array.isArray(value) ? [...value] : { ...value };
    copy[name] = random.one([...anything, 4294967296, -129, 1e19, 0.5, 'NaN', '12x', texts]);
    return copy;
  }

  anyText() {
    return this.random.one(texts);
  }
}
