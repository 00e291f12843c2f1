from boxwright.client import AsyncClient as AsyncClient
from boxwright.client import Client as Client

__version__: str
