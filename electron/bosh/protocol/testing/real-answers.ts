/**
 * What Prosody 0.12 and ejabberd 23.01 answer over BOSH, as it came, with sids, stamps and ids made up: the
 * corpus that the tests of hostile input begin with.
 */

export interface RealAnswer {
  readonly server: 'prosody' | 'ejabberd';
  readonly what: string;
  /** The `<body/>`. */
  readonly body: string;
}

export const REAL_ANSWERS: readonly RealAnswer[] = [
  {
    server: 'prosody',
    what: 'session created',
    body: `<body xmlns='http://jabber.org/protocol/httpbind' inactivity='60' from='localhost' hold='1' wait='60' ver='1.6' polling='5' xmlns:stream='http://etherx.jabber.org/streams' requests='2' secure='true' authid='00000000-1111-4222-8333-444444444444' xmpp:version='1.0' xmlns:xmpp='urn:xmpp:xbosh' sid='00000000-1111-4222-8333-444444444444'><stream:features xmlns='jabber:client'><register xmlns='http://jabber.org/features/iq-register'/><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism><mechanism>SCRAM-SHA-1</mechanism></mechanisms><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features></body>`,
  },
  {
    server: 'prosody',
    what: 'sign-in refused',
    body: `<body xmlns='http://jabber.org/protocol/httpbind' xmlns:stream='http://etherx.jabber.org/streams' sid='00000000-1111-4222-8333-444444444444'><failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/><text>Unable to authorize you with the authentication credentials you&apos;ve sent.</text></failure></body>`,
  },
  {
    server: 'prosody',
    what: 'challenge',
    body: `<body xmlns='http://jabber.org/protocol/httpbind' xmlns:stream='http://etherx.jabber.org/streams' sid='00000000-1111-4222-8333-444444444444'><challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>cj1hYmNkZWYxMjMsczEyMyxpPTQwOTY=</challenge></body>`,
  },
  {
    server: 'prosody',
    what: 'sign-in accepted',
    body: `<body xmlns='http://jabber.org/protocol/httpbind' xmlns:stream='http://etherx.jabber.org/streams' sid='00000000-1111-4222-8333-444444444444'><success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/></body>`,
  },
  {
    server: 'prosody',
    what: 'stream restarted',
    body: `<body xmlns='http://jabber.org/protocol/httpbind' xmlns:stream='http://etherx.jabber.org/streams' sid='00000000-1111-4222-8333-444444444444'><stream:features xmlns='jabber:client'><c xmlns='http://jabber.org/protocol/caps' node='http://prosody.im' ver='k0SJkNEDgkUaMVud7P2pFV4TMjc=' hash='sha-1'/><sub xmlns='urn:xmpp:features:pre-approval'/><ver xmlns='urn:xmpp:features:rosterver'/><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><required/></bind><session xmlns='urn:ietf:params:xml:ns:xmpp-session'><optional/></session><sm xmlns='urn:xmpp:sm:2'><optional/></sm><sm xmlns='urn:xmpp:sm:3'><optional/></sm><csi xmlns='urn:xmpp:csi:0'/><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features></body>`,
  },
  {
    server: 'prosody',
    what: 'resource bound',
    body: `<body xmlns='http://jabber.org/protocol/httpbind' xmlns:stream='http://etherx.jabber.org/streams' sid='00000000-1111-4222-8333-444444444444'><iq xmlns='jabber:client' id='bind' type='result'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>alice@localhost/phone</jid></bind></iq></body>`,
  },
  {
    server: 'prosody',
    what: 'roster push',
    body: `<body xmlns='http://jabber.org/protocol/httpbind' xmlns:stream='http://etherx.jabber.org/streams' sid='00000000-1111-4222-8333-444444444444'><iq xmlns='jabber:client' id='add' type='result' to='alice@localhost/phone'/><iq xmlns='jabber:client' type='set' id='a-push-id'><query xmlns='jabber:iq:roster' ver='1'><item name='Böb &amp; co' jid='bob@localhost' subscription='none'><group>Friends</group></item></query></iq></body>`,
  },
  {
    server: 'prosody',
    what: 'presence',
    body: `<body xmlns='http://jabber.org/protocol/httpbind' xmlns:stream='http://etherx.jabber.org/streams' sid='00000000-1111-4222-8333-444444444444'><presence xml:lang='en' from='alice@localhost/phone' xmlns='jabber:client'><x xmlns='vcard-temp:x:update'><photo/></x></presence></body>`,
  },
  {
    server: 'prosody',
    what: 'message',
    body: `<body xmlns='http://jabber.org/protocol/httpbind' xmlns:stream='http://etherx.jabber.org/streams' sid='00000000-1111-4222-8333-444444444444'><message xml:lang='en' type='chat' to='alice@localhost' xmlns='jabber:client' id='m1' from='bob@localhost/desk'><body>Grüße 🙂 &lt;b&gt; &amp;amp; &quot;it&apos;s&quot;
next line</body><request xmlns='urn:xmpp:receipts'/><active xmlns='http://jabber.org/protocol/chatstates'/><origin-id id='m1' xmlns='urn:xmpp:sid:0'/><stanza-id xmlns='urn:xmpp:sid:0' by='alice@localhost' id='an-archive-id-made-up-01'/></message></body>`,
  },
  {
    server: 'prosody',
    what: 'archive',
    body: `<body xmlns='http://jabber.org/protocol/httpbind' xmlns:stream='http://etherx.jabber.org/streams' sid='00000000-1111-4222-8333-444444444444'><message xmlns='jabber:client' to='alice@localhost/phone'><result xmlns='urn:xmpp:mam:2' queryid='q' id='an-archive-id-made-up-01'><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2024-01-02T03:04:05Z'/><message xml:lang='en' from='bob@localhost/desk' to='alice@localhost' type='chat' id='m1' xmlns='jabber:client'><body>Grüße 🙂 &lt;b&gt; &amp;amp; &quot;it&apos;s&quot;
next line</body><request xmlns='urn:xmpp:receipts'/><origin-id id='m1' xmlns='urn:xmpp:sid:0'/></message></forwarded></result></message><message xmlns='jabber:client' to='alice@localhost/phone'><result xmlns='urn:xmpp:mam:2' queryid='q' id='an-archive-id-made-up-01'><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2024-01-02T03:04:05Z'/><message xml:lang='en' from='bob@localhost/desk' to='alice@localhost' type='chat' id='m2' xmlns='jabber:client'><body>number 2</body></message></forwarded></result></message><message xmlns='jabber:client' to='alice@localhost/phone'><result xmlns='urn:xmpp:mam:2' queryid='q' id='an-archive-id-made-up-01'><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2024-01-02T03:04:05Z'/><message xml:lang='en' from='bob@localhost/desk' to='alice@localhost' type='chat' id='m3' xmlns='jabber:client'><body>number 3</body></message></forwarded></result></message><iq xmlns='jabber:client' id='mam' type='result' to='alice@localhost/phone'><fin xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'><first>an-archive-id-made-up-01</first><last>an-archive-id-made-up-01</last><count>4</count></set></fin></iq></body>`,
  },
  {
    server: 'prosody',
    what: 'empty',
    body: `<body xmlns='http://jabber.org/protocol/httpbind' xmlns:stream='http://etherx.jabber.org/streams' sid='00000000-1111-4222-8333-444444444444'></body>`,
  },
  {
    server: 'prosody',
    what: 'service discovery',
    body: `<body xmlns='http://jabber.org/protocol/httpbind' xmlns:stream='http://etherx.jabber.org/streams' sid='00000000-1111-4222-8333-444444444444'><iq xmlns='jabber:client' from='localhost' to='alice@localhost/phone' id='disco' type='result'><query xmlns='http://jabber.org/protocol/disco#info'><identity name='Prosody' category='server' type='im'/><feature var='vcard-temp'/><feature var='jabber:iq:private'/><feature var='urn:xmpp:blocking'/><feature var='jabber:iq:roster'/><feature var='jabber:iq:version'/><feature var='urn:xmpp:carbons:rules:0'/><feature var='urn:xmpp:carbons:2'/><feature var='jabber:iq:register'/><feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/disco#items'/><feature var='msgoffline'/><feature var='urn:xmpp:ping'/><feature var='urn:xmpp:time'/><feature var='jabber:iq:time'/></query></iq></body>`,
  },
  {
    server: 'prosody',
    what: 'stanza error',
    body: `<body xmlns='http://jabber.org/protocol/httpbind' xmlns:stream='http://etherx.jabber.org/streams' sid='00000000-1111-4222-8333-444444444444'><message xmlns='jabber:client' from='nobody@localhost' to='alice@localhost/phone' id='e1' type='error'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message></body>`,
  },
  {
    server: 'prosody',
    what: 'conflict',
    body: `<body xmlns='http://jabber.org/protocol/httpbind' xmlns:stream='http://etherx.jabber.org/streams' type='terminate' condition='remote-stream-error'><stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>Replaced by new connection</text></stream:error></body>`,
  },
  {
    server: 'prosody',
    what: 'unknown session',
    body: `<body xmlns='http://jabber.org/protocol/httpbind' condition='item-not-found' type='terminate'/>`,
  },
  {
    server: 'prosody',
    what: 'unknown domain',
    body: `<body xmlns='http://jabber.org/protocol/httpbind' xmlns:stream='http://etherx.jabber.org/streams' type='terminate' condition='improper-addressing'/>`,
  },
  {
    server: 'prosody',
    what: 'bad request',
    body: `<body xmlns='http://jabber.org/protocol/httpbind' xmlns:stream='http://etherx.jabber.org/streams' type='terminate' condition='bad-request'/>`,
  },
  {
    server: 'prosody',
    what: 'signed out',
    body: `<body xmlns='http://jabber.org/protocol/httpbind' xmlns:stream='http://etherx.jabber.org/streams' type='terminate' sid='00000000-1111-4222-8333-444444444444'><presence xml:lang='en' xmlns='jabber:client' type='unavailable' from='alice@localhost/phone'/></body>`,
  },
  {
    server: 'ejabberd',
    what: 'session created',
    body: `<body xmpp:version='1.0' authid='12345678901234567890' xmlns='http://jabber.org/protocol/httpbind' sid='0123456789abcdef0123456789abcdef01234567' wait='60' ver='1.11' polling='2' inactivity='30' hold='1' xmpp:restartlogic='true' requests='2' secure='true' maxpause='120' xmlns:xmpp='urn:xmpp:xbosh' xmlns:stream='http://etherx.jabber.org/streams' from='localhost'><stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism><mechanism>SCRAM-SHA-1</mechanism><mechanism>X-OAUTH2</mechanism></mechanisms><register xmlns='http://jabber.org/features/iq-register'/></stream:features></body>`,
  },
  {
    server: 'ejabberd',
    what: 'sign-in refused',
    body: `<body xmlns='http://jabber.org/protocol/httpbind'><failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/><text xml:lang='en'>Invalid username or password</text></failure></body>`,
  },
  {
    server: 'ejabberd',
    what: 'challenge',
    body: `<body xmlns='http://jabber.org/protocol/httpbind'><challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>cj1hYmNkZWYxMjMsczEyMyxpPTQwOTY=</challenge></body>`,
  },
  {
    server: 'ejabberd',
    what: 'sign-in accepted',
    body: `<body xmlns='http://jabber.org/protocol/httpbind'><success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/></body>`,
  },
  {
    server: 'ejabberd',
    what: 'stream restarted',
    body: `<body xmpp:version='1.0' authid='12345678901234567890' xmlns='http://jabber.org/protocol/httpbind' xmlns:stream='http://etherx.jabber.org/streams' xmlns:xmpp='urn:xmpp:xbosh'><stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><session xmlns='urn:ietf:params:xml:ns:xmpp-session'><optional/></session><c ver='hS+yMT1mtQp+XSo7GHDp/FrHhPQ=' node='http://www.process-one.net/en/ejabberd/' hash='sha-1' xmlns='http://jabber.org/protocol/caps'/><sm xmlns='urn:xmpp:sm:2'/><sm xmlns='urn:xmpp:sm:3'/><ver xmlns='urn:xmpp:features:rosterver'/><csi xmlns='urn:xmpp:csi:0'/></stream:features></body>`,
  },
  {
    server: 'ejabberd',
    what: 'resource bound',
    body: `<body xmlns='http://jabber.org/protocol/httpbind'><iq type='result' id='bind' xmlns='jabber:client'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>alice@localhost/phone</jid></bind></iq></body>`,
  },
  {
    server: 'ejabberd',
    what: 'roster push',
    body: `<body xmlns='http://jabber.org/protocol/httpbind'><iq to='alice@localhost/phone' from='alice@localhost' type='set' id='push1234567890' xmlns='jabber:client'><query ver='89abcdef0123456789abcdef0123456789abcdef' xmlns='jabber:iq:roster'><item subscription='none' name='Böb &amp; co' jid='bob@localhost'><group>Friends</group></item></query></iq></body>`,
  },
  {
    server: 'ejabberd',
    what: 'presence',
    body: `<body xmlns='http://jabber.org/protocol/httpbind'><presence xml:lang='en' to='alice@localhost/phone' from='alice@localhost/phone' xmlns='jabber:client'><x xmlns='vcard-temp:x:update'/></presence></body>`,
  },
  {
    server: 'ejabberd',
    what: 'message',
    body: `<body xmlns='http://jabber.org/protocol/httpbind'><message xml:lang='en' to='alice@localhost' from='bob@localhost/desk' type='chat' id='m1' xmlns='jabber:client'><archived by='alice@localhost' id='1700000000000001' xmlns='urn:xmpp:mam:tmp'/><stanza-id by='alice@localhost' id='1700000000000001' xmlns='urn:xmpp:sid:0'/><request xmlns='urn:xmpp:receipts'/><active xmlns='http://jabber.org/protocol/chatstates'/><origin-id xmlns='urn:xmpp:sid:0' id='m1'/><body>Grüße 🙂 &lt;b&gt; &amp;amp; &quot;it&apos;s&quot;
next line</body></message></body>`,
  },
  {
    server: 'ejabberd',
    what: 'archive',
    body: `<body xmlns='http://jabber.org/protocol/httpbind'><message to='alice@localhost/phone' from='alice@localhost' xmlns='jabber:client'><result id='1700000000000001' queryid='q' xmlns='urn:xmpp:mam:2'><forwarded xmlns='urn:xmpp:forward:0'><message xml:lang='en' to='alice@localhost' from='bob@localhost/desk' type='chat' id='m2' xmlns='jabber:client'><archived by='alice@localhost' id='1700000000000001' xmlns='urn:xmpp:mam:tmp'/><stanza-id by='alice@localhost' id='1700000000000001' xmlns='urn:xmpp:sid:0'/><body>number 2</body></message><delay from='localhost' stamp='2024-01-02T03:04:05.678901Z' xmlns='urn:xmpp:delay'/></forwarded></result></message><message to='alice@localhost/phone' from='alice@localhost' xmlns='jabber:client'><result id='1700000000000001' queryid='q' xmlns='urn:xmpp:mam:2'><forwarded xmlns='urn:xmpp:forward:0'><message xml:lang='en' to='alice@localhost' from='bob@localhost/desk' type='chat' id='m3' xmlns='jabber:client'><archived by='alice@localhost' id='1700000000000001' xmlns='urn:xmpp:mam:tmp'/><stanza-id by='alice@localhost' id='1700000000000001' xmlns='urn:xmpp:sid:0'/><body>number 3</body></message><delay from='localhost' stamp='2024-01-02T03:04:05.678901Z' xmlns='urn:xmpp:delay'/></forwarded></result></message><iq xml:lang='en' to='alice@localhost/phone' from='alice@localhost' type='result' id='mam' xmlns='jabber:client'><fin complete='false' xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'><count>4</count><first>1700000000000001</first><last>1700000000000001</last></set></fin></iq></body>`,
  },
  {
    server: 'ejabberd',
    what: 'empty',
    body: `<body xmlns='http://jabber.org/protocol/httpbind'/>`,
  },
  {
    server: 'ejabberd',
    what: 'service discovery',
    body: `<body xmlns='http://jabber.org/protocol/httpbind'><iq xml:lang='en' to='alice@localhost/phone' from='localhost' type='result' id='disco' xmlns='jabber:client'><query xmlns='http://jabber.org/protocol/disco#info'><identity type='pep' category='pubsub'/><identity name='ejabberd' type='im' category='server'/><feature var='http://jabber.org/protocol/commands'/><feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/disco#items'/><feature var='http://jabber.org/protocol/offline'/><feature var='http://jabber.org/protocol/pubsub'/><feature var='http://jabber.org/protocol/pubsub#access-authorize'/><feature var='http://jabber.org/protocol/pubsub#access-open'/><feature var='http://jabber.org/protocol/pubsub#access-presence'/><feature var='http://jabber.org/protocol/pubsub#access-whitelist'/><feature var='http://jabber.org/protocol/pubsub#auto-create'/><feature var='http://jabber.org/protocol/pubsub#auto-subscribe'/><feature var='http://jabber.org/protocol/pubsub#collections'/><feature var='http://jabber.org/protocol/pubsub#config-node'/><feature var='http://jabber.org/protocol/pubsub#config-node-max'/><feature var='http://jabber.org/protocol/pubsub#create-and-configure'/><feature var='http://jabber.org/protocol/pubsub#create-nodes'/><feature var='http://jabber.org/protocol/pubsub#delete-items'/><feature var='http://jabber.org/protocol/pubsub#delete-nodes'/><feature var='http://jabber.org/protocol/pubsub#filtered-notifications'/><feature var='http://jabber.org/protocol/pubsub#get-pending'/><feature var='http://jabber.org/protocol/pubsub#instant-nodes'/><feature var='http://jabber.org/protocol/pubsub#item-ids'/><feature var='http://jabber.org/protocol/pubsub#last-published'/><feature var='http://jabber.org/protocol/pubsub#manage-subscriptions'/><feature var='http://jabber.org/protocol/pubsub#member-affiliation'/><feature var='http://jabber.org/protocol/pubsub#modify-affiliations'/><feature var='http://jabber.org/protocol/pubsub#multi-items'/><feature var='http://jabber.org/protocol/pubsub#outcast-affiliation'/><feature var='http://jabber.org/protocol/pubsub#persistent-items'/><feature var='http://jabber.org/protocol/pubsub#presence-notifications'/><feature var='http://jabber.org/protocol/pubsub#presence-subscribe'/><feature var='http://jabber.org/protocol/pubsub#publish'/><feature var='http://jabber.org/protocol/pubsub#publish-only-affiliation'/><feature var='http://jabber.org/protocol/pubsub#publish-options'/><feature var='http://jabber.org/protocol/pubsub#publisher-affiliation'/><feature var='http://jabber.org/protocol/pubsub#purge-nodes'/><feature var='http://jabber.org/protocol/pubsub#retract-items'/><feature var='http://jabber.org/protocol/pubsub#retrieve-affiliations'/><feature var='http://jabber.org/protocol/pubsub#retrieve-default'/><feature var='http://jabber.org/protocol/pubsub#retrieve-items'/><feature var='http://jabber.org/protocol/pubsub#retrieve-subscriptions'/><feature var='http://jabber.org/protocol/pubsub#shim'/><feature var='http://jabber.org/protocol/pubsub#subscribe'/><feature var='http://jabber.org/protocol/pubsub#subscription-notifications'/><feature var='iq'/><feature var='jabber:iq:last'/><feature var='jabber:iq:privacy'/><feature var='jabber:iq:register'/><feature var='jabber:iq:version'/><feature var='msgoffline'/><feature var='presence'/><feature var='urn:xmpp:blocking'/><feature var='urn:xmpp:carbons:2'/><feature var='urn:xmpp:carbons:rules:0'/><feature var='urn:xmpp:mam:0'/><feature var='urn:xmpp:mam:1'/><feature var='urn:xmpp:mam:2'/><feature var='urn:xmpp:mam:tmp'/><feature var='urn:xmpp:ping'/><feature var='vcard-temp'/><x type='result' xmlns='jabber:x:data'><field var='FORM_TYPE' type='hidden'><value>http://jabber.org/network/serverinfo</value></field></x></query></iq></body>`,
  },
  {
    server: 'ejabberd',
    what: 'stanza error',
    body: `<body xmlns='http://jabber.org/protocol/httpbind'><message xml:lang='en' to='alice@localhost/phone' from='nobody@localhost' type='error' id='e1' xmlns='jabber:client'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error><body>hi</body></message></body>`,
  },
  {
    server: 'ejabberd',
    what: 'conflict',
    body: `<body type='terminate' condition='remote-stream-error' xmlns:stream='http://etherx.jabber.org/streams' xmlns='http://jabber.org/protocol/httpbind'><stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text xml:lang='en' xmlns='urn:ietf:params:xml:ns:xmpp-streams'>Replaced by new connection</text></stream:error></body>`,
  },
  {
    server: 'ejabberd',
    what: 'unknown session',
    body: `<body xmlns='http://jabber.org/protocol/httpbind' type='terminate' condition='item-not-found'/>`,
  },
  {
    server: 'ejabberd',
    what: 'unknown domain',
    body: `<body xmlns='http://jabber.org/protocol/httpbind' type='terminate' condition='internal-server-error'/>`,
  },
  {
    server: 'ejabberd',
    what: 'signed out',
    body: `<body xmlns='http://jabber.org/protocol/httpbind' type='terminate'/>`,
  },
  {
    server: 'ejabberd',
    what: 'shutdown',
    body: `<body type='terminate' condition='remote-stream-error' xmlns:stream='http://etherx.jabber.org/streams' xmlns='http://jabber.org/protocol/httpbind'><stream:error><system-shutdown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></body>`,
  },
];
