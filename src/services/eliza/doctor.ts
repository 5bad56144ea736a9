// Made by `deno task generate`; do not edit.
import { type ElizaScript, parseElizaScript } from "./script.ts";

/** The script DOCTOR, which the paper of 1966 made famous. */
export const DOCTOR: ElizaScript = parseElizaScript({
  "greeting": "How do you do. Please tell me your problem.",
  "farewell": "Goodbye. It was good of you to talk to me.",
  "quit": ["bye", "goodbye", "quit", "exit", "good bye", "farewell"],
  "before": {
    "i'm": "i am",
    "im": "i am",
    "i've": "i have",
    "i'd": "i would",
    "you're": "you are",
    "youre": "you are",
    "they're": "they are",
    "dont": "don't",
    "cant": "can't",
    "wont": "won't",
    "cannot": "can't",
    "dreamt": "dreamed",
    "dreams": "dream",
    "maybe": "perhaps",
    "certainly": "yes",
    "yeah": "yes",
    "nope": "no",
    "machine": "computer",
    "machines": "computer",
    "computers": "computer",
    "mum": "mother",
    "mom": "mother",
    "dad": "father",
    "hi": "hello",
    "everybody": "everyone",
    "nobody": "noone",
    "same": "alike",
    "identical": "alike",
    "equivalent": "alike",
    "recall": "remember",
    "recollect": "remember",
  },
  "after": {
    "i": "you",
    "me": "you",
    "my": "your",
    "mine": "yours",
    "myself": "yourself",
    "am": "are",
    "i was": "you were",
    "was i": "were you",
    "you were": "I was",
    "were you": "was I",
    "you are": "I am",
    "are you": "am I",
    "you": "I",
    "your": "my",
    "yours": "mine",
    "yourself": "myself",
  },
  "synonyms": {
    "family": [
      "mother",
      "father",
      "sister",
      "brother",
      "wife",
      "husband",
      "children",
      "son",
      "daughter",
      "family",
      "parents",
    ],
    "sad": ["unhappy", "depressed", "sick", "sad", "lonely", "miserable"],
    "glad": ["happy", "elated", "glad", "better", "content"],
    "desire": ["want", "need"],
    "belief": ["feel", "think", "believe", "wish"],
    "be": ["am", "is", "are", "was", "were"],
  },
  "memory": {
    "word": "my",
    "rules": [{
      "match": "* my *",
      "say": [
        "Does that have anything to do with the fact that your (3)?",
        "Let us discuss further why your (3).",
        "Earlier you said your (3).",
        "But your (3).",
      ],
    }],
  },
  "none": [
    "I am not sure I understand you fully.",
    "Please go on.",
    "What does that suggest to you?",
    "Do you feel strongly about discussing such things?",
    "Say some more about that.",
    "That is interesting. Please continue.",
  ],
  "keywords": [
    {
      "word": "dit",
      "rules": [{
        "match": "*",
        "say": [
          "In what way?",
          "What resemblance do you see?",
          "What does that similarity suggest to you?",
          "What other connections do you see?",
          "What do you suppose that resemblance means?",
          "What is the connection, do you suppose?",
          "Could there really be some connection?",
          "How?",
        ],
      }],
    },
    {
      "word": "sorry",
      "rules": [{
        "match": "*",
        "say": [
          "Please don't apologize.",
          "Apologies are not necessary.",
          "What feelings do you have when you apologize?",
          "I have told you that apologies are not required.",
        ],
      }],
    },
    {
      "word": "hello",
      "rules": [{
        "match": "*",
        "say": ["How do you do. Please state your problem.", "Hello again. What is on your mind?"],
      }],
    },
    {
      "word": "remember",
      "rank": 5,
      "rules": [{
        "match": "* i remember *",
        "say": [
          "Do you often think of (4)?",
          "Does thinking of (4) bring anything else to mind?",
          "What else do you remember?",
          "Why do you remember (4) just now?",
          "What in the present situation reminds you of (4)?",
          "What is the connection between me and (4)?",
        ],
      }, {
        "match": "* do you remember *",
        "say": [
          "Did you think I would forget (5)?",
          "Why do you think I should recall (5) now?",
          "What about (5)?",
          "You mentioned (5).",
        ],
      }, { "match": "*", "say": ["newkey"] }],
    },
    {
      "word": "suicide",
      "rank": 100,
      "rules": [{
        "match": "*",
        "say": [
          "I am only a program, and this is too serious for me. Please talk to someone now, a doctor, a helpline or the emergency number, and to someone you trust.",
          "Please do not stay alone with this. A helpline or the emergency number is there for you now, and I am only a program.",
        ],
      }],
    },
    { "word": "suicidal", "rank": 100, "rules": [{ "match": "*", "say": ["goto suicide"] }] },
    {
      "word": "kill",
      "rank": 100,
      "rules": [{ "match": "* kill myself *", "say": ["goto suicide"] }, {
        "match": "*",
        "say": ["newkey"],
      }],
    },
    {
      "word": "hurt",
      "rank": 100,
      "rules": [{ "match": "* hurt myself *", "say": ["goto suicide"] }, {
        "match": "*",
        "say": ["newkey"],
      }],
    },
    {
      "word": "die",
      "rank": 100,
      "rules": [{ "match": "* i want to die *", "say": ["goto suicide"] }, {
        "match": "* i wish to die *",
        "say": ["goto suicide"],
      }, { "match": "*", "say": ["newkey"] }],
    },
    {
      "word": "if",
      "rank": 3,
      "rules": [{
        "match": "* if *",
        "say": [
          "Do you think it is likely that (3)?",
          "Do you wish that (3)?",
          "What do you think about (3)?",
          "Really, if (3)?",
        ],
      }],
    },
    {
      "word": "dreamed",
      "rank": 4,
      "rules": [{
        "match": "* i dreamed that *",
        "say": [
          "Really, (5)?",
          "Have you ever fantasied (5) while you were awake?",
          "Have you dreamed before that (5)?",
          "goto dream",
        ],
      }, {
        "match": "* i dreamed *",
        "say": [
          "Really, (4)?",
          "Have you ever fantasied (4) while you were awake?",
          "Have you dreamed (4) before?",
          "goto dream",
        ],
      }, { "match": "*", "say": ["goto dream"] }],
    },
    {
      "word": "dream",
      "rank": 3,
      "rules": [{
        "match": "*",
        "say": [
          "What does that dream suggest to you?",
          "Do you dream often?",
          "What persons appear in your dreams?",
          "Don't you believe that dream has something to do with your problem?",
        ],
      }],
    },
    {
      "word": "perhaps",
      "rules": [{
        "match": "*",
        "say": [
          "You don't seem quite certain.",
          "Why the uncertain tone?",
          "Can't you be more positive?",
          "You aren't sure.",
          "Don't you know?",
        ],
      }],
    },
    {
      "word": "name",
      "rank": 15,
      "rules": [{
        "match": "*",
        "say": [
          "I am not interested in names.",
          "I have told you before, I don't care about names. Please continue.",
        ],
      }],
    },
    {
      "word": "computer",
      "rank": 50,
      "rules": [{
        "match": "*",
        "say": [
          "Do computers worry you?",
          "Why do you mention computers?",
          "What do you think machines have to do with your problem?",
          "Don't you think computers can help people?",
          "What about machines worries you?",
          "What do you think about machines?",
        ],
      }],
    },
    {
      "word": "am",
      "rules": [
        {
          "match": "* am i *",
          "say": [
            "Do you believe you are (4)?",
            "Would you want to be (4)?",
            "Do you wish I would tell you you are (4)?",
            "What would it mean if you were (4)?",
            "goto what",
          ],
        },
        { "match": "* i am *", "say": ["goto i"] },
        { "match": "*", "say": ["Why do you say am?", "I don't understand that."] },
      ],
    },
    {
      "word": "are",
      "rules": [{
        "match": "* are you *",
        "say": [
          "Why are you interested in whether I am (4) or not?",
          "Would you prefer if I weren't (4)?",
          "Perhaps I am (4) in your fantasies.",
          "Do you sometimes think I am (4)?",
          "goto what",
        ],
      }, {
        "match": "* are *",
        "say": [
          "Did you think they might not be (3)?",
          "Would you like it if they were not (3)?",
          "What if they were not (3)?",
          "Possibly they are (3).",
        ],
      }],
    },
    {
      "word": "your",
      "rules": [{
        "match": "* your *",
        "say": [
          "Why are you concerned over my (3)?",
          "What about your own (3)?",
          "Are you worried about someone else's (3)?",
          "Really, my (3)?",
        ],
      }],
    },
    {
      "word": "was",
      "rank": 2,
      "rules": [{
        "match": "* was i *",
        "say": [
          "What if you were (4)?",
          "Do you think you were (4)?",
          "Were you (4)?",
          "What would it mean if you were (4)?",
          'What does the word "(4)" suggest to you?',
        ],
      }, {
        "match": "* i was *",
        "say": [
          "Were you really?",
          "Why do you tell me you were (4) now?",
          "Perhaps I already knew you were (4).",
        ],
      }, {
        "match": "* was you *",
        "say": [
          "Would you like to believe I was (4)?",
          "What suggests that I was (4)?",
          "What do you think?",
          "Perhaps I was (4).",
          "What if I had been (4)?",
        ],
      }, { "match": "*", "say": ["newkey"] }],
    },
    { "word": "were", "rules": [{ "match": "*", "say": ["goto was"] }] },
    {
      "word": "i",
      "rules": [
        {
          "match": "* i @desire *",
          "say": [
            "What would it mean to you if you got (4)?",
            "Why do you want (4)?",
            "Suppose you got (4) soon.",
            "What if you never got (4)?",
            "What would getting (4) mean to you?",
            "What does wanting (4) have to do with this discussion?",
          ],
        },
        {
          "match": "* i am * @sad *",
          "say": [
            "I am sorry to hear you are (5).",
            "Do you think coming here will help you not to be (5)?",
            "I'm sure it's not pleasant to be (5).",
            "Can you explain what made you (5)?",
          ],
        },
        {
          "match": "* i am * @glad *",
          "say": [
            "How have I helped you to be (5)?",
            "Has your treatment made you (5)?",
            "What makes you (5) just now?",
            "Can you explain why you are suddenly (5)?",
          ],
        },
        { "match": "* i was *", "say": ["goto was"] },
        {
          "match": "* i @belief i *",
          "say": [
            "Do you really think so?",
            "But you are not sure you (5).",
            "Do you really doubt you (5)?",
          ],
        },
        { "match": "* i @belief * you *", "say": ["goto you"] },
        {
          "match": "* i am *",
          "say": [
            "Is it because you are (4) that you came to me?",
            "How long have you been (4)?",
            "Do you believe it is normal to be (4)?",
            "Do you enjoy being (4)?",
          ],
        },
        {
          "match": "* i don't *",
          "say": [
            "Don't you really (4)?",
            "Why don't you (4)?",
            "Do you wish to be able to (4)?",
            "Does that trouble you?",
          ],
        },
        {
          "match": "* i can't *",
          "say": [
            "How do you know you can't (4)?",
            "Have you tried?",
            "Perhaps you could (4) now.",
            "Do you really want to be able to (4)?",
          ],
        },
        {
          "match": "* i feel *",
          "say": [
            "Tell me more about such feelings.",
            "Do you often feel (4)?",
            "Do you enjoy feeling (4)?",
            "Of what does feeling (4) remind you?",
          ],
        },
        {
          "match": "* i * you *",
          "say": [
            "Perhaps in your fantasy we (3) each other.",
            "Do you wish to (3) me?",
            "You seem to need to (3) me.",
            "Do you (3) anyone else?",
          ],
        },
        {
          "match": "* i *",
          "say": [
            "You say you (3).",
            "Can you elaborate on that?",
            "Do you say you (3) for some special reason?",
            "That's quite interesting.",
          ],
        },
      ],
    },
    {
      "word": "you",
      "rules": [{ "match": "* you remind me of *", "say": ["goto dit"] }, {
        "match": "* you are *",
        "say": [
          "What makes you think I am (4)?",
          "Does it please you to believe I am (4)?",
          "Do you sometimes wish you were (4)?",
          "Perhaps you would like to be (4).",
        ],
      }, {
        "match": "* you * me",
        "say": [
          "Why do you think I (3) you?",
          "You like to think I (3) you, don't you?",
          "What makes you think I (3) you?",
          "Really, I (3) you?",
          "Do you wish to believe I (3) you?",
          "Suppose I did (3) you. What would that mean?",
          "Does someone else believe I (3) you?",
        ],
      }, {
        "match": "* you *",
        "say": [
          "We were discussing you, not me.",
          "Oh, I (3)?",
          "You're not really talking about me, are you?",
          "What are your feelings now?",
        ],
      }],
    },
    {
      "word": "yes",
      "rules": [{
        "match": "*",
        "say": ["You seem quite positive.", "You are sure.", "I see.", "I understand."],
      }],
    },
    {
      "word": "no",
      "rules": [{
        "match": "*",
        "say": [
          "Are you saying no just to be negative?",
          "You are being a bit negative.",
          "Why not?",
          'Why "no"?',
        ],
      }],
    },
    {
      "word": "my",
      "rank": 2,
      "rules": [{
        "match": "* my * @family *",
        "say": [
          "Tell me more about your family.",
          "Who else in your family (5)?",
          "Your (4)?",
          "What else comes to mind when you think of your (4)?",
        ],
      }, {
        "match": "* my *",
        "say": [
          "Your (3)?",
          "Why do you say your (3)?",
          "Does that suggest anything else which belongs to you?",
          "Is it important to you that your (3)?",
        ],
      }],
    },
    {
      "word": "can",
      "rules": [{
        "match": "* can you *",
        "say": [
          "You believe I can (4), don't you?",
          "goto what",
          "You want me to be able to (4).",
          "Perhaps you would like to be able to (4) yourself.",
        ],
      }, {
        "match": "* can i *",
        "say": [
          "Whether or not you can (4) depends on you more than on me.",
          "Do you want to be able to (4)?",
          "Perhaps you don't want to (4).",
          "goto what",
        ],
      }, { "match": "*", "say": ["newkey"] }],
    },
    {
      "word": "what",
      "rules": [{
        "match": "*",
        "say": [
          "Why do you ask?",
          "Does that question interest you?",
          "What is it you really want to know?",
          "Are such questions much on your mind?",
          "What answer would please you most?",
          "What do you think?",
          "What comes to your mind when you ask that?",
          "Have you asked such questions before?",
          "Have you asked anyone else?",
        ],
      }],
    },
    { "word": "how", "rules": [{ "match": "*", "say": ["goto what"] }] },
    { "word": "when", "rules": [{ "match": "*", "say": ["goto what"] }] },
    {
      "word": "because",
      "rules": [{
        "match": "*",
        "say": [
          "Is that the real reason?",
          "Don't any other reasons come to mind?",
          "Does that reason seem to explain anything else?",
          "What other reasons might there be?",
        ],
      }],
    },
    {
      "word": "why",
      "rules": [{
        "match": "* why don't you *",
        "say": [
          "Do you believe I don't (5)?",
          "Perhaps I will (5) in good time.",
          "Should you (5) yourself?",
          "You want me to (5)?",
          "goto what",
        ],
      }, {
        "match": "* why can't i *",
        "say": [
          "Do you think you should be able to (5)?",
          "Do you want to be able to (5)?",
          "Do you believe this will help you to (5)?",
          "Have you any idea why you can't (5)?",
          "goto what",
        ],
      }, { "match": "*", "say": ["goto what"] }],
    },
    {
      "word": "everyone",
      "rank": 2,
      "rules": [{
        "match": "* everyone *",
        "say": [
          "Really, everyone?",
          "Surely not everyone.",
          "Can you think of anyone in particular?",
          "Who, for example?",
          "You are thinking of a very special person.",
          "Who, may I ask?",
          "Someone special perhaps.",
          "You have a particular person in mind, don't you?",
          "Who do you think you are talking about?",
        ],
      }],
    },
    {
      "word": "noone",
      "rank": 2,
      "rules": [{
        "match": "*",
        "say": ["goto everyone", "Really, nobody?", "Surely there is somebody."],
      }],
    },
    {
      "word": "always",
      "rank": 1,
      "rules": [{
        "match": "*",
        "say": [
          "Can you think of a specific example?",
          "When?",
          "What incident are you thinking of?",
          "Really, always?",
        ],
      }],
    },
    {
      "word": "never",
      "rank": 1,
      "rules": [{
        "match": "*",
        "say": ["Really, never?", "Can you think of one time when it was otherwise?", "Why not?"],
      }],
    },
    { "word": "alike", "rank": 10, "rules": [{ "match": "*", "say": ["goto dit"] }] },
    {
      "word": "like",
      "rank": 10,
      "rules": [{ "match": "* @be * like *", "say": ["goto dit"] }, {
        "match": "*",
        "say": ["newkey"],
      }],
    },
  ],
});
