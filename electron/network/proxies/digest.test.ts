import { describe, expect, it } from 'vitest';
import { parseChallenges } from './challenge.ts';
import { DigestAnswers, isDigestAnswerable } from './digest.ts';

const mufasa = { username: 'Mufasa', password: 'Circle of Life' };

function challenge(header: string) {
  const [first] = parseChallenges(header);
  if (first === undefined) throw new Error('no challenge');
  return first;
}

describe('Digest', () => {
  // RFC 7616 §3.9.1.
  const common =
    'realm="http-auth@example.org", qop="auth, auth-int", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';
  const clientNonce = () => 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';

  it.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('answers as the specification does with %s', (algorithm, response) => {
    const answers = new DigestAnswers(
      challenge(`Digest ${common}, algorithm=${algorithm}`),
      clientNonce,
    );
    const { parameters } = challenge(answers.answer('GET', '/dir/index.html', mufasa));
    expect(parameters).toMatchObject({
      username: 'Mufasa',
      uri: '/dir/index.html',
      algorithm,
      nc: '00000001',
      qop: 'auth',
      response,
      opaque: 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS',
    });
  });

  it('hides the name where asked, as the specification does', () => {
    // RFC 7616 §3.9.2 as erratum 4897 corrects it.
    const answers = new DigestAnswers(
      challenge(
        'Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, nonce="n", charset=UTF-8, userhash=true',
      ),
    );
    const { parameters } = challenge(
      answers.answer('GET', '/doe.json', { username: 'Jäsøn Doe', password: 'Secret, or not?' }),
    );
    expect(parameters).toMatchObject({
      username: '793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b',
      userhash: 'true',
    });
  });

  it('answers a proxy that knows only RFC 2069, without a count', () => {
    const answers = new DigestAnswers(challenge('Digest realm="r", nonce="n"'));
    const { parameters } = challenge(answers.answer('CONNECT', 'a:443', mufasa));
    expect(Object.keys(parameters)).toEqual(['username', 'realm', 'nonce', 'uri', 'response']);
  });

  it('counts the answers to one challenge, each with a nonce of its own', () => {
    const answers = new DigestAnswers(challenge('Digest realm="r", nonce="n", qop="auth"'));
    const given = [1, 2, 3].map(
      () => challenge(answers.answer('CONNECT', 'a:443', mufasa)).parameters,
    );
    expect(given.map(({ nc }) => nc)).toEqual(['00000001', '00000002', '00000003']);
    expect(new Set(given.map(({ cnonce }) => cnonce)).size).toBe(3);
  });

  it('hashes anew for each answer where the algorithm is of a session', () => {
    const answers = new DigestAnswers(
      challenge('Digest realm="r", nonce="n", qop="auth", algorithm=MD5-sess'),
    );
    const [one, two] = [1, 2].map(() => answers.answer('CONNECT', 'a:443', mufasa));
    expect(challenge(one ?? '').parameters.response).not.toBe(
      challenge(two ?? '').parameters.response,
    );
    expect(one).toContain('algorithm=MD5-sess');
  });

  it('writes a name beyond ASCII in the way made for it', () => {
    const answers = new DigestAnswers(challenge('Digest realm="r", nonce="n", qop="auth"'));
    expect(answers.answer('CONNECT', 'a:443', { username: 'Jö (x)', password: '' })).toContain(
      "username*=UTF-8''J%C3%B6%20%28x%29",
    );
  });

  it('keeps quotes and backslashes inside their quotes', () => {
    const answers = new DigestAnswers(challenge('Digest realm="a\\"b", nonce="n", qop="auth"'));
    const header = answers.answer('CONNECT', 'a:443', { username: 'x"\\', password: '' });
    expect(challenge(header).parameters).toMatchObject({ username: 'x"\\', realm: 'a"b' });
  });

  it.each([
    ['Digest realm="r", nonce="n"', true],
    ['Digest realm="r", nonce="n", qop="auth-int"', false],
    ['Digest realm="r", nonce="n", qop="auth-int, AUTH"', true],
    ['Digest realm="r", nonce="n", algorithm=TOKEN', false],
    ['Digest realm="r"', false],
    ['Basic realm="r", nonce="n"', false],
  ])('can answer %s: %s', (header, isAnswerable) => {
    expect(isDigestAnswerable(challenge(header))).toBe(isAnswerable);
  });
});
