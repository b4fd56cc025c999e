/** The providers that the examples speak of. */
export const providers = [
  { name: 'GPT-4', id: 'openai.gpt-4', tiers: ['expensive'] },
  { name: 'Claude', id: 'anthropic.claude-3' },
  { name: 'Gemini', tiers: ['cheap'] },
  { name: 'codellama', id: 'ollama.codellama', tiers: ['free', 'local'] },
] as const;

/** What users of one-line workflows write, and how it is read. */
export const examples: readonly (readonly [text: string, shape: string])[] = [
  [
    'Write a Python function to calculate fibonacci THEN test it with sample inputs',
    'Write a Python function to calculate fibonacci; test it with sample inputs',
  ],
  [
    'Analyze this code for bugs THEN suggest improvements THEN write unit tests',
    'Analyze this code for bugs; suggest improvements; write unit tests',
  ],
  [
    'Write documentation AND create a demo AND design tests',
    'Write documentation ‖ create a demo ‖ design tests',
  ],
  [
    'Research the topic AND gather examples THEN synthesize a comprehensive guide',
    'Research the topic ‖ gather examples; synthesize a comprehensive guide',
  ],
  [
    'Generate code THEN IF_SUCCESS run tests ELSE fix the errors',
    'Generate code; ?S run tests : fix the errors',
  ],
  [
    'Process data THEN IF_FAILURE try alternative approach THEN validate results',
    'Process data; ?F try alternative approach; validate results',
  ],
  [
    'Design the API THEN implement the backend THEN create frontend THEN write integration tests THEN document the usage',
    'Design the API; implement the backend; create frontend; write integration tests; document the usage',
  ],
  [
    'Brainstorm ideas AND research the topic THEN outline the structure THEN write the draft THEN edit and polish THEN create visuals',
    'Brainstorm ideas ‖ research the topic; outline the structure; write the draft; edit and polish; create visuals',
  ],
  [
    'Collect data THEN analyze patterns THEN identify insights THEN validate conclusions THEN write report',
    'Collect data; analyze patterns; identify insights; validate conclusions; write report',
  ],
  [
    'Write creative content with GPT-4 THEN fact-check with Claude THEN format with Gemini',
    'Write creative content @GPT-4; fact-check @Claude; format @Gemini',
  ],
  [
    'Draft with cheap provider THEN refine with expensive provider THEN proofread with local model',
    'Draft @cheap; refine @expensive; proofread @local',
  ],
  ['Generate report (retry up to 3 times on failure)', 'Generate report x3'],
  [
    'Try with GPT-4 THEN IF_FAILURE try with Claude THEN IF_FAILURE use local model',
    'Try @GPT-4; ?F try @Claude; ?F @local',
  ],
  [
    'Run all tasks AND IF_ANY_FAILED retry failed ones THEN combine successful results',
    'Run all tasks ! retry failed ones; combine successful results',
  ],
  [
    'Draft with cheap model THEN polish with expensive model THEN validate with free local model',
    'Draft @cheap; polish @expensive; validate @free+local',
  ],
  [
    'Analyze requirements THEN design architecture THEN write code THEN write tests THEN create documentation THEN deploy',
    'Analyze requirements; design architecture; write code; write tests; create documentation; deploy',
  ],
  [
    'Research keywords AND analyze competitors THEN write article THEN optimize SEO THEN create social posts THEN schedule publishing',
    'Research keywords ‖ analyze competitors; write article; optimize SEO; create social posts; schedule publishing',
  ],
  [
    'Load data THEN clean data THEN exploratory analysis THEN build model THEN validate model THEN create visualizations THEN write report',
    'Load data; clean data; exploratory analysis; build model; validate model; create visualizations; write report',
  ],
  [
    'Analyze issue THEN search knowledge base THEN draft response THEN check policy compliance THEN personalize message THEN send reply',
    'Analyze issue; search knowledge base; draft response; check policy compliance; personalize message; send reply',
  ],
  [
    'Analyze code THEN suggest improvements THEN write tests',
    'Analyze code; suggest improvements; write tests',
  ],
];
