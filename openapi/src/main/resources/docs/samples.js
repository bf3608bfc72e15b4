// SPDX-License-Identifier: Apache-2.0
// What the page shows beyond the contract: of each operation what it takes and how often, and samples that run as they are pasted; links to guides;
// a page for each error, because the search of the page finds the operations that answer an error before the guide.

/** The contract with a line of credentials and limits and samples for each operation. @param origin the host that is asked */
function described (contract, origin) {
  link(contract)
  withErrors(contract)
  for (const [path, item] of Object.entries(contract.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      if (!operation.responses) continue
      operation.description = `${operation.description}\n\n${credentials(operation)} · ${limit(operation['x-rate-limit'], contract['x-rate-limit'])}`
      if (!Object.keys(operation.responses).some((status) => status < '300')) {
        operation.summary += ' (not built)'
        onlyTab(operation.responses, '501')
      }
      operation['x-codeSamples'] = samples(request(contract, origin + path, method, operation))
    }
  }
  return contract
}

/** A guide that a description names as "the guide *Errors*" is a link to it: in guides, operations, parameters, headers and schemas alike. */
function link (node) {
  for (const [name, value] of Object.entries(node)) {
    if (name === 'description' && typeof value === 'string') {
      node.description = value.replace(/\bguide \*([^*]+)\*/g, (_, title) => `guide [${title}](#tag/guide-${slug(title)})`)
    } else if (value && typeof value === 'object' && !['example', 'examples', 'default', 'enum', 'const', 'x-demo-world'].includes(name)) {
      link(value)
    }
  }
}

function credentials ({ security }) {
  const [schemes] = security
  return '**Credentials:** ' + (!schemes ? 'none' : 'bearer' in schemes ? 'bearer token' : 'clientId' in schemes ? 'client ID, client secret and API key' : 'API key')
}

/** Hides the tabs of the other responses: the page makes a tab for each status of three digits, and opens the lowest. */
function onlyTab (responses, status) {
  for (const other of Object.keys(responses).filter((each) => each !== status)) {
    responses[other + ' '] = responses[other]
    delete responses[other]
  }
}

function limit (own, general) {
  const rate = ({ limit, window, key }) =>
    `${limit} requests per ${{ 60: 'minute', 3600: 'hour' }[window] ?? window + ' seconds'} for each ${key === 'ip' ? 'IP address' : 'client ID'}`
  const limits = [...own ? [rate(own)] : [], ...general ? [rate(general) + ', for all operations together'] : []]
  return '**Limit:** ' + (limits.join('; also ') || 'none')
}

/** Adds a page for each row of the table in the guide "Errors", with the operations that answer this error. */
function withErrors (contract) {
  const guide = contract.tags.find(({ name }) => name === 'Guide: Errors')?.description ?? ''
  const operations = Object.entries(contract.paths).flatMap(([path, item]) => Object.entries(item).filter(([, { responses }]) => responses)
    .map(([method, operation]) => ({ ...operation, link: `[${operation.summary}](#tag/${slug(operation.tags[0])}/${method.toUpperCase()}${path})` })))
  const links = (some) => some.map(({ link }) => link).join(', ')
  const errors = [...guide.matchAll(/^\| (\d{3}) \| `(\w+)` \| (.*) \| (.*) \|$/gm)].map(([, status, code, meaning, remedy]) => {
    const [some, others] = [true, false].map((answers) => operations.filter((each) => (status in each.responses) === answers))
    return {
      name: `Error: ${code}`,
      'x-displayName': `${status} ${code}`,
      description: `What it means: ${meaning}.\n\nWhat to do: ${remedy}.\n\nThe guide [Errors](#tag/guide-errors) explains all errors.\n\n` +
        (some.length <= others.length ? `Operations with this error: ${links(some)}.`
          : others.length ? `All operations have this error, except ${links(others)}.` : 'All operations have this error.'),
    }
  })
  if (!errors.length) return
  contract.tags.push(...errors)
  contract['x-tagGroups']?.push({ name: 'Errors', tags: errors.map(({ name }) => name) })
}

function slug (name) {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
}

/** The request of the operation's first example that succeeds, with the demo world's credentials. */
function request (contract, template, method, operation) {
  const resolve = (part) => part.$ref ? part.$ref.slice(2).split('/').reduce((at, name) => at[name], contract) : part
  const statuses = Object.keys(operation.responses).sort()
  const named = resolve(operation.responses[statuses[0]]).content['application/json'].examples
  const bodies = operation.requestBody ? resolve(operation.requestBody).content['application/json'].examples : {}
  const name = Object.keys(bodies).find((each) => each in named) ?? Object.keys(named)[0]
  const value = ({ examples = {} }, orFirst) => (examples[name] ?? (orFirst ? Object.values(examples)[0] : undefined))?.value
  const world = contract['x-demo-world'].credentials
  const [schemes] = operation.security
  const all = !schemes ? {} : 'bearer' in schemes ? world.alice : world.app
  const headers = schemes && !('clientId' in schemes) && 'apiKey' in schemes ? { 'x-api-key': all['x-api-key'] } : { ...all }
  const query = new URLSearchParams()
  let url = template
  for (const parameter of (operation.parameters ?? []).map(resolve)) {
    const example = value(parameter, parameter.required)
    if (example === undefined) continue
    if (parameter.in === 'path') url = url.replace(`{${parameter.name}}`, encodeURIComponent(example))
    if (parameter.in === 'query') query.set(parameter.name, example)
    if (parameter.in === 'header') headers[parameter.name] = String(example)
  }
  const body = operation.requestBody && value(resolve(operation.requestBody).content['application/json'], true)
  if (body !== undefined) headers['content-type'] = 'application/json'
  return { method: method.toUpperCase(), url: url + (query.size ? '?' + query : ''), headers, body: body === undefined ? undefined : JSON.stringify(body) }
}

function samples ({ method, url, headers, body }) {
  const single = (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  const double = (text) => JSON.stringify(text)
  const lines = Object.entries(headers)
  return [
    {
      lang: 'shell',
      label: 'curl',
      source: [`curl ${method === 'GET' ? '' : `-X ${method} `}'${url}'`, ...lines.map(([name, value]) => `-H '${name}: ${value}'`),
        ...(body ? [`-d '${body.replaceAll("'", "'\\''")}'`] : [])].join(' \\\n  '),
    },
    {
      lang: 'javascript',
      label: 'JavaScript',
      source: `fetch(${single(url)}, {\n  method: '${method}',\n  headers: {${lines.map(([name, value]) => `\n    ${single(name)}: ${single(value)},`).join('')}\n  },\n` +
        `${body ? `  body: ${single(body)},\n` : ''}}).then((response) => response.json()).then((answer) => console.log(JSON.stringify(answer)))`,
    },
    {
      lang: 'python',
      label: 'Python',
      source: `import urllib.error\nimport urllib.request\n\nrequest = urllib.request.Request(\n    ${single(url)},\n    method='${method}',\n    headers={${lines
        .map(([name, value]) => `\n        ${single(name)}: ${single(value)},`).join('')}\n    },\n${body ? `    data=${single(body)}.encode(),\n` : ''})\n` +
        'try:\n    response = urllib.request.urlopen(request)\nexcept urllib.error.HTTPError as error:\n    response = error\nprint(response.read().decode())',
    },
    {
      lang: 'java',
      label: 'Java',
      source: `import java.net.URI;\nimport java.net.http.HttpClient;\nimport java.net.http.HttpRequest;\nimport java.net.http.HttpResponse;\n\nclass Sample {\n` +
        `    public static void main(String[] args) throws Exception {\n        HttpRequest request = HttpRequest.newBuilder(URI.create(${double(url)}))\n${lines
          .map(([name, value]) => `                .header(${double(name)}, ${double(value)})\n`).join('')}                .method("${method}", HttpRequest.BodyPublishers.${
          body ? `ofString(${double(body)})` : 'noBody()'})\n                .build();\n` +
        '        System.out.println(HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body());\n    }\n}',
    },
  ]
}

if (typeof module !== 'undefined') module.exports = { described }
