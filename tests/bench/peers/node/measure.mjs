// Times the form engines that need Node on the reference form, and says where their results differ from what is expected.
// Reads one JSON file of forms, submissions and expected failures; prints one JSON object. CPU time, median of nine rounds.
import fs from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { forms, submissions, expected } = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const only = process.argv[3];
console.error = () => {};
console.warn = () => {};

const cpu = () => {
  const used = process.cpuUsage();
  return (used.user + used.system) / 1000;
};

function milliseconds(work, enough = 900, rounds = 9) {
  const begun = performance.now();
  while (performance.now() - begun < 600) work(); // so that it is compiled
  let start = cpu();
  work();
  work();
  const once = (cpu() - start) / 2;
  const times = Math.max(1, Math.floor(enough / rounds / Math.max(once, 1e-4)));
  const found = [];
  for (let round = 0; round < rounds; round += 1) {
    if (global.gc) global.gc();
    start = cpu();
    for (let time = 0; time < times; time += 1) work();
    found.push((cpu() - start) / times);
  }
  return found.sort((a, b) => a - b)[rounds >> 1];
}

const difference = (got, wanted) => {
  const [mine, theirs] = [new Set(got), new Set(wanted)];
  const more = [...mine].filter((name) => !theirs.has(name));
  const less = [...theirs].filter((name) => !mine.has(name));
  return { more, less };
};

function surveyjs() {
  const survey = require('survey-core');
  const text = JSON.stringify(forms.surveyjs);
  const made = () => new survey.Model(JSON.parse(text));
  const answers = submissions.plain;
  const failing = (model) =>
    model.getAllQuestions(true).flatMap((question) => {
      if (question.getType() !== 'paneldynamic') return question.errors.length ? [question.name] : [];
      const rows = question.panels.flatMap((panel, index) =>
        panel.questions.filter((one) => one.errors.length).map((one) => `${question.name}.${index}.${one.name}`));
      return question.errors.length ? [...rows, question.name] : rows;
    });
  const run = (model, data) => {
    model.data = data;
    model.validate(true, false);
    return model;
  };
  const differences = Object.fromEntries(
    Object.keys(answers).map((name) => [name, difference(failing(run(made(), answers[name])), expected[name])]));
  const model = made();
  const typical = milliseconds(() => run(model, answers.typical));
  const fresh = milliseconds(() => run(made(), answers.typical));
  let turn = 0;
  const alternating = milliseconds(() => run(model, (turn ^= 1) ? answers.typical : answers.full));
  return { load: milliseconds(made), typical, fresh, alternating, differences };
}

function formio() {
  const library = require('@formio/core');
  const text = JSON.stringify(forms.formio);
  const copy = (value) => JSON.parse(JSON.stringify(value));
  const answers = submissions.formio;
  const run = (form, given) => {
    const data = copy(given);
    const scope = {};
    library.processSync({
      form, components: form.components, submission: { data }, data, scope,
      processors: library.ProcessTargets.evaluator, config: {}, evalContext: (context) => context,
    });
    return scope;
  };
  const failing = (scope) =>
    (scope.errors || []).map((error) => ((error.context && error.context.path) || error.path || '').replace(/\[(\d+)\]/g, '.$1'));
  const differences = Object.fromEntries(
    Object.keys(answers).map((name) => [name, difference(failing(run(JSON.parse(text), answers[name])), expected[name])]));
  const form = JSON.parse(text);
  return { load: milliseconds(() => JSON.parse(text)), typical: milliseconds(() => run(form, answers.typical)), differences };
}

async function defra() {
  for (const name of ['FEEDBACK_LINK', 'SESSION_COOKIE_PASSWORD', 'NOTIFY_TEMPLATE_ID', 'NOTIFY_API_KEY', 'MANAGER_URL',
    'DESIGNER_URL', 'SUBMISSION_URL', 'UPLOADER_URL', 'REDIS_HOST', 'REDIS_USERNAME', 'REDIS_PASSWORD', 'REDIS_KEY_PREFIX',
    'SAFELIST']) process.env[name] = 'http://localhost';
  Object.assign(process.env, { NODE_ENV: 'production', ENFORCE_CSRF: 'false', PORT: '3999', LOG_ENABLED: 'false' });
  const { FormModel } = await import('@defra/forms-engine-plugin/.server/server/plugins/engine/models/FormModel.js');
  const text = JSON.stringify(forms.defra);
  const made = () => new FormModel(JSON.parse(text), { basePath: 'ref' });
  const request = {
    params: { path: 'summary', slug: 'ref' }, query: {}, url: new URL('http://localhost/ref/summary'),
    path: '/ref/summary', method: 'get',
  };
  const model = made();
  const run = (given) => model.getFormContext(request, given);
  const answers = submissions.defra;
  const told = Object.fromEntries(Object.keys(answers).map((name) => {
    const context = run(answers[name]);
    return [name, { pages: context.relevantPages.length, errors: (context.errors || []).map((error) => error.name) }];
  }));
  return { load: milliseconds(made), typical: milliseconds(() => run(answers.typical)), told };
}

const found = await { surveyjs, formio, defra }[only]();
process.stdout.write(`\n${JSON.stringify(found)}\n`);
process.exit(0);
