/* 在访客自己的浏览器里核验一次抽取（协议draw/1）：不信服务器，全部重算。SHA-256用浏览器自带的，SM3照GB/T 32905写在下面。 */
(() => {
  const utf8 = text => new TextEncoder().encode(text);
  const sure = (holds, wrong) => { if (!holds) throw new Error(wrong); };

  const rotate = (x, n) => n % 32 ? x << n % 32 | x >>> 32 - n % 32 : x;
  const p0 = x => x ^ rotate(x, 9) ^ rotate(x, 17);
  const p1 = x => x ^ rotate(x, 15) ^ rotate(x, 23);
  const sm3 = message => {
    const blocks = new DataView(new ArrayBuffer((message.length + 72 >> 6) * 64));
    message.forEach((byte, at) => blocks.setUint8(at, byte));
    blocks.setUint8(message.length, 0x80);
    blocks.setBigUint64(blocks.byteLength - 8, BigInt(message.length) * 8n);
    const state = [0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e];
    for (let at = 0; at < blocks.byteLength; at += 64) {
      const w = Array.from({ length: 16 }, (_, j) => blocks.getInt32(at + 4 * j));
      for (let j = 16; j < 68; j++) w[j] = p1(w[j - 16] ^ w[j - 9] ^ rotate(w[j - 3], 15)) ^ rotate(w[j - 13], 7) ^ w[j - 6];
      let [a, b, c, d, e, f, g, h] = state;
      for (let j = 0; j < 64; j++) {
        const early = j < 16, a12 = rotate(a, 12), ss1 = rotate(a12 + e + rotate(early ? 0x79cc4519 : 0x7a879d8a, j) | 0, 7);
        const tt1 = (early ? a ^ b ^ c : a & b | a & c | b & c) + d + (ss1 ^ a12) + (w[j] ^ w[j + 4]) | 0;
        const tt2 = (early ? e ^ f ^ g : e & f | ~e & g) + h + ss1 + w[j] | 0;
        [a, b, c, d, e, f, g, h] = [tt1, a, rotate(b, 9), c, p0(tt2), e, rotate(f, 19), g];
      }
      [a, b, c, d, e, f, g, h].forEach((word, n) => { state[n] ^= word; });
    }
    return state.map(word => (word >>> 0).toString(16).padStart(8, '0')).join('');
  };
  const sha256 = async message =>
    Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', message)), b => b.toString(16).padStart(2, '0')).join('');

  // 键排序、不留空格
  const canon = x => {
    if (Array.isArray(x)) return `[${x.map(canon).join()}]`;
    if (x === null || typeof x !== 'object') return JSON.stringify(x);
    return `{${Object.keys(x).sort().map(key => `${JSON.stringify(key)}:${canon(x[key])}`).join()}}`;
  };
  const alike = (x, y) => canon(x) === canon(y);
  const ordered = list => list.every((x, n) => n === 0 || list[n - 1] < x);  // 由小到大，没有重复

  // 每一部分前加4字节长度
  const digest = (algorithm, parts) => {
    const all = parts.map(utf8), joined = new Uint8Array(all.reduce((sum, part) => sum + 4 + part.length, 0));
    let at = 0;
    for (const part of all) {
      new DataView(joined.buffer).setUint32(at, part.length);
      joined.set(part, at + 4);
      at += 4 + part.length;
    }
    return algorithm === 'sm3' ? sm3(joined) : sha256(joined);
  };

  // 格式：正则管文字，函数自己判断；{}里的键一个不多一个不少，[x]有几个x都行，[x, y]各一个
  const HEX = /^[0-9a-f]{64}$/, SALT = /^[0-9a-f]{32}$/, WORD = /^[a-z0-9_-]+$/, TEXT = /^[^\ud800-\udfff]+$/u, CODE = /^[!-~]+$/;
  const TIME = /^[0-9-]{10}T[0-9:]{8}[+]08:00$/, WHY = /^(employer|mentor|relative|investor|declared|suspended|leave|cap|busy)$/;
  const count = x => Number.isSafeInteger(x) && x > 0, object = x => x !== null && typeof x === 'object' && !Array.isArray(x);
  const fits = (x, form) => {
    if (form instanceof RegExp) return typeof x === 'string' && form.test(x);
    if (typeof form === 'function') return form(x);
    if (Array.isArray(form)) return Array.isArray(x) && (form.length === 1 ? x.every(y => fits(y, form[0])) : x.length === form.length && form.every((y, n) => fits(x[n], y)));
    return object(x) && alike(Object.keys(x).sort(), Object.keys(form).sort()) && Object.keys(form).every(key => fits(x[key], form[key]));
  };
  const HEADER = {
    v: /^draw\/1$/, hash: /^(sha256|sm3)$/, draw_id: TEXT, frozen_at: TIME, pool: [{ h: HEX, s: [WORD], g: HEX }], pool_root: HEX,
    excluded: [{ h: HEX, why: WHY }], need: [[WORD, count]], parties: [{ role: /^(operator|inspector|witness)$/, id: TEXT, commit: HEX }],
    public: x => x === null || fits(x, { source: TEXT, issue: TEXT, due: TIME }),
  };
  const vacant = form => x => x === '' || fits(x, form);
  const SEALED = {
    header: HEADER, header_hash: HEX, reveals: object, public_value: vacant(TEXT), panel: [[WORD, vacant(HEX)]],
    skips: [{ h: HEX, why: TEXT, by: [TEXT, TEXT], at: TIME }], record_hash: HEX,
  };
  const OPENED = { ...SEALED, opened: { salt: SALT, who: object } };

  // 原文和读到的一字不差：没有写两遍的键，没有小数
  const read = text => {
    let found;
    try { found = JSON.parse(text); } catch { sure(false, '不是JSON文件'); }
    const tokens = text.match(/"(?:[^"\\]|\\.)*"|[[\]{}:,]|[^\s"[\]{}:,]+/g);
    sure(tokens.map(t => t[0] === '"' ? JSON.stringify(JSON.parse(t)) : t).join('') === JSON.stringify(found), '同一个键写了两遍，或数写得不规范');
    return found;
  };

  // 席位：同一单位最多一人，已退出的不再入席
  const seatsOf = async (t, H, seed) => {
    const { pool, need } = t.header, group = new Map(pool.map(m => [m.h, m.g])), seats = [], gone = new Set(), ranks = {};
    for (const [stratum] of need) {
      const tickets = await Promise.all(pool.filter(m => m.s.includes(stratum)).map(async m => [await H('ticket', seed, stratum, m.h), m.h]));
      ranks[stratum] = tickets.sort().map(([, h]) => h);
    }
    const lowest = (stratum, others) => {
      const taken = new Set(others.filter(([, h]) => h).map(([, h]) => group.get(h)));
      return ranks[stratum].find(h => !gone.has(h) && !taken.has(group.get(h))) || '';
    };
    for (const [stratum, n] of need) {
      for (let k = 0; k < n; k++) {
        const h = lowest(stratum, seats);
        sure(h, '候选池不够');
        seats.push([stratum, h]);
      }
    }
    for (const { h, by } of t.skips) {
      const seat = seats.find(each => each[1] === h);
      sure(seat, '递补的人没有席位');
      sure(by[0] !== by[1], '递补没有两个人签字');
      gone.add(h);
      seat[1] = lowest(seat[0], seats.filter(each => each !== seat));
    }
    return seats;
  };

  const opened = async (t, codes, H, directory, say) => {
    const id = t.header.draw_id, { who, salt: shared } = t.opened, group = new Map(t.header.pool.map(m => [m.h, m.g]));
    sure(fits(who, Object.fromEntries(codes.map(h => [h, [CODE, TEXT, SALT]]))), '名单和代号对不上');
    say(`${codes.length}个代号后面的名单都已公布`);
    for (const [h, [code, employer, salt]] of Object.entries(who)) {
      sure(h === await H('member', id, code, employer, salt), `${code}和代号对不上`);
      sure(!group.has(h) || group.get(h) === await H('group', id, employer, shared), `${code}的单位和代号对不上`);
      sure(!employer.startsWith('person:') || employer === `person:${code}`, `${code}的单位写成了别人`);
    }
    say('姓名编号、单位和代号相符');
    const names = Object.values(who).map(([code]) => code).sort();
    sure(ordered(names), '有人列了两次');
    say('没有人列两次');
    if (directory === null) return;
    sure(fits(directory, [TEXT]) && alike([...directory].sort(), names), '和锁定时在聘的专家对不上');
    say('在聘专家一个不多，一个不少');
  };

  // 逐项核对原文；每对一项调用say，不对就抛出。返回席位，空缺的代号为空
  const verify = async (text, listed = null, say = () => {}) => {
    const t = read(text), directory = listed === null ? null : read(listed);
    sure(fits(t, object(t) && 'opened' in t ? OPENED : SEALED), '不是draw/1协议的记录，或格式不对');
    sure(listed === null || t.opened, '名单还没有公布，不能和在聘专家核对');
    const head = t.header, { pool, parties } = head, H = async (...parts) => digest(head.hash, parts);
    say('是draw/1协议的记录，内容一项不多，一项不少');
    const inside = pool.map(m => m.h), out = head.excluded.map(m => m.h), codes = [...inside, ...out];
    sure(ordered(inside) && ordered(out) && ordered([...codes].sort()), '候选池次序不对，或有人列了两次');
    sure(pool.every(m => ordered(m.s)) && ordered(head.need.map(([stratum]) => stratum).sort()), '席位类别次序不对，或写了两次');
    say(`候选池${inside.length}个代号，不入池${out.length}个，没有重复，都有原因`);
    sure(head.pool_root === await H('pool', canon(pool)), '池指纹不相符');
    say('池指纹相符');
    const roles = parties.map(p => p.role), ids = parties.map(p => p.id);
    sure(roles.includes('operator') && roles.includes('inspector') && ordered([...roles].sort()) && ordered([...ids].sort()), '参加各方不齐或重复');
    sure(fits(t.reveals, Object.fromEntries(roles.map(role => [role, TEXT]))), '公布的随机数和参加各方对不上');
    say(`${roles.length}方参加，其中有纪检`);
    for (const p of parties) sure(p.commit === await H('commit', head.draw_id, p.role, p.id, head.pool_root, t.reveals[p.role]), '公布的随机数不是承诺的那个');
    say('承诺与公布的随机数相符');
    sure(t.header_hash === await H('header', canon(head)), '条件指纹不相符');
    say('条件指纹相符');
    sure((head.public === null) === (t.public_value === ''), '公开数值缺失，或事先没有说好');
    say(head.public ? '公开数值是事先说好的' : '只用各方的随机数');
    const seats = await seatsOf(t, H, await H('seed', t.header_hash, ...roles.map(role => t.reveals[role]), t.public_value));
    sure(alike(t.panel, seats), '席位不是按号码产生的');
    const empty = seats.filter(([, h]) => !h).length;
    say(`${seats.length}个席位按号码从小到大产生，递补${t.skips.length}次，每次只动一席${empty ? `，空缺${empty}席` : ''}`);
    const { header_hash, reveals, public_value, skips, panel } = t;
    sure(t.record_hash === await H('record', canon({ header_hash, reveals, public_value, skips, panel })), '记录指纹不相符');
    say('记录指纹相符');
    if (t.opened) await opened(t, codes, H, directory, say);
    return seats;
  };
  if (typeof module !== 'undefined') module.exports = { verify, sm3 };
  if (typeof document === 'undefined') return;

  const fetched = async address => {
    const answer = await fetch(address);
    sure(answer.ok, '没有取到记录');
    return answer.text();
  };
  const bind = box => {
    const $ = name => box.querySelector(`[data-verify-${name}]`), start = $('start'), result = $('result'), file = $('file');
    const show = async texts => {
      const list = document.createElement('ol'), end = document.createElement('p');
      const add = (right, words) => {
        const line = document.createElement('li');
        line.className = right ? 'done' : 'now';
        line.textContent = `${right ? '✓' : '✗'} ${words}`;
        list.append(line);
      };
      list.className = 'line';
      result.replaceChildren(list, end);
      try {
        await verify(...await texts(), words => add(true, words));
        end.className = 'note';
        end.textContent = '核验通过：这份名单由事先固定的条件和各方的随机数算出，没有改动。';
      } catch (wrong) {
        add(false, wrong.message);
        end.className = 'note bad';
        end.textContent = `核验不通过：${wrong.message}`;
      }
    };
    start.hidden = false;
    start.addEventListener('click', () => show(() => Promise.all([fetched(box.dataset.verify), box.dataset.directory ? fetched(box.dataset.directory) : null])));
    if (file) file.addEventListener('change', () => { if (file.files[0]) show(async () => [await file.files[0].text(), null]); });
  };
  if (window.crypto?.subtle) document.querySelectorAll('[data-verify]').forEach(bind);
})();
